/** Requests as API Gateway hands them to a Lambda function (HTTP API, payload format 2.0). */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';

/** What a test says of a request; the gateway's part is filled in. */
export interface RequestLine {
  /** `POST /events`, or `$default` where no route matches. */
  route: string;
  method?: string;
  path?: string;
  params?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string | undefined>;
  body?: string;
  isBase64Encoded?: boolean;
}

/** The event of a request. */
export function gatewayEvent({ route, headers, params, query, body, ...line }: RequestLine): APIGatewayProxyEventV2 {
  const [routeMethod = '', routePath = ''] = route.split(' ');
  const method = line.method ?? routeMethod;
  const rawPath = line.path ?? routePath;
  const sent = Object.entries(headers ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    version: '2.0',
    routeKey: route,
    rawPath,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: Object.fromEntries(sent),
    ...(params && { pathParameters: params }),
    ...(query && { queryStringParameters: query }),
    ...(body !== undefined && { body }),
    isBase64Encoded: line.isBase64Encoded ?? false,
    requestContext: {
      accountId: 'none',
      apiId: 'none',
      domainName: 'gateway.example',
      domainPrefix: 'gateway',
      requestId: 'gateway-request',
      routeKey: route,
      stage: '$default',
      time: '',
      timeEpoch: 0,
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.7', userAgent: 'tests' },
    },
  };
}

/** What Lambda says of an invocation. */
export function lambdaContext(awsRequestId = 'invocation-of-a-test'): Context {
  return {
    awsRequestId,
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'tested',
    functionVersion: '1',
    invokedFunctionArn: 'arn:aws:lambda:none:0:function:tested',
    memoryLimitInMB: '256',
    logGroupName: 'none',
    logStreamName: 'none',
    getRemainingTimeInMillis: () => 29_000,
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}

/** An answer with its body parsed, headers as sent. */
export function read({ statusCode, headers, body }: APIGatewayProxyStructuredResultV2) {
  const parsed: unknown = body ? JSON.parse(body) : undefined;
  return { status: statusCode, headers: headers ?? {}, body: parsed, text: body ?? '' };
}
