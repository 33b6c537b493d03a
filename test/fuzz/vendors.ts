/** Every vendor's fake, asked through the one `fetch` there is; what it answers may be told to be changed on its way. */

import { FAKES } from '../fakes/vendors/index.ts';
import type { VendorFake } from '../fakes/vendors/vendor.ts';
import { SAMPLES } from '../fixtures/samples.ts';

const BASE = 'https://vendors.example/';

/** The vendors of one try. */
export interface Vendors {
  fetch: typeof fetch;
  /** The sources secret. */
  secret: object;
  /** Forgets everybody, and answers as it should again. */
  begin(): void;
  fake(source: string): VendorFake | undefined;
  /** Changes what is answered with 200 on its way. */
  change(how: (body: unknown) => string): void;
}

export function vendors(): Vendors {
  const fakes = new Map<string, VendorFake>();
  let changing: ((body: unknown) => string) | null = null;
  const begin = () => {
    changing = null;
    for (const [source, make] of Object.entries(FAKES)) fakes.set(source, make());
  };
  return {
    begin,
    fake: (source) => fakes.get(source),
    change: (how) => {
      changing = how;
    },
    secret: Object.fromEntries(SAMPLES.map(({ source, settings }) => [source, settings(BASE + source)])),
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { pathname, searchParams } = new URL(request.url);
      const [, source = '', ...path] = pathname.split('/');
      const headers = Object.fromEntries(request.headers);
      const asked = { method: request.method, path: `/${path.join('/')}`, query: searchParams, headers };
      const reply = fakes.get(source)?.answer({ ...asked, body: await request.text() }) ?? { status: 404 };
      const isGood = reply.status === 200 && typeof reply.body === 'object';
      const body = isGood && changing ? changing(reply.body) : JSON.stringify(reply.body);
      return new Response(reply.status === 204 ? null : body, { status: reply.status, headers: reply.headers ?? {} });
    },
  };
}
