/**
 * Preloaded into the local gateway, so that handlers get requests as they were sent, as they do on AWS. By itself serverless-offline 14 reads
 * every body as UTF-8, takes a body of JSON apart (`null` and texts are lost by it), says `application/json` of what says no type, and keeps
 * only the last of two headers of one name, which API Gateway joins by a comma.
 * Its sources are changed while they load; where a later version reads otherwise, the stack does not start and says so.
 */
import { registerHooks } from 'node:module';

const JOINED = `const joined = {};
  for (const [name, value] of unflattened) {
    const key = name.toLowerCase();
    joined[key] = key in joined ? joined[key] + "," + value : value;
  }
  return joined`;

const CHANGES: readonly { file: string; from: string; to: string }[] = [
  // What it takes for binary it hands over in base64, from the bytes that came.
  { file: '/src/utils/index.js', from: ': "utf8"', to: ': "binary"' },
  {
    file: '/src/events/http/HttpServer.js',
    from: 'contentTypesThatRequirePayloadParsing.includes(contentType) &&',
    to: 'contentType === "" &&',
  },
  {
    file: '/src/events/http/lambda-events/LambdaProxyIntegrationEventV2.js',
    from: 'headers["content-type"] = "application/json"',
    to: '',
  },
  { file: '/src/utils/parseHeaders.js', from: 'return fromEntries(unflattened)', to: JOINED },
];

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const change = url.includes('/serverless-offline/') ? CHANGES.find(({ file }) => url.endsWith(file)) : undefined;
    if (!change) return loaded;
    const source = String(loaded.source);
    if (!source.includes(change.from)) throw new Error(`serverless-offline has changed: ${change.file}`);
    return { ...loaded, source: source.replace(change.from, change.to) };
  },
});
