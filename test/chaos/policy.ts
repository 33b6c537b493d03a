/** The access policy as the oracle knows it: the file that ships, read for itself. */
import { join } from 'node:path';
import { readYml } from '../../infra/yml.ts';
import type { AccessPolicy } from '../../shared/lifecycle/access-policy.ts';

let read: AccessPolicy | undefined;

/** The policy in force. */
export function readAccessPolicy(): AccessPolicy {
  read ??= {
    hash: 'of no interest',
    ...(readYml(join(import.meta.dirname, '../../access-policy.yml')) as object),
  } as AccessPolicy;
  return read;
}
