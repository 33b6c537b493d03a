/** Fake HR systems over real HTTP, behind the routes that `npm start` serves them by. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { vendorRoutes } from '../../../infra/local/vendors.ts';
import type { VendorFake } from '../../fakes/vendors/vendor.ts';

/** Serves a fake for one test. Answers the base URL of its API. */
export async function served(name: string, fake: VendorFake): Promise<string> {
  const answer = vendorRoutes({ [name]: fake });
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/_vendors/${name}`;
}
