/** What the tests of ticketing systems share: who asks for what, and the tickets of a vendor's fake by what they ask. */
import type { Job } from '../../../shared/lifecycle/job.ts';
import { retryJob } from '../../../shared/operate/change-job.ts';
import type { Sample } from '../../fixtures/sample.ts';
import type { Road, useVendor } from '../stage.ts';

export const NEWSROOM = ['paywallBuilder', 'journey'];
export const TREASURY = ['payments', 'billing'];
export const ANA = 'ana@press.example';

/** Settings of a source that can neither ask nor tell. */
export const CANNOT_ASK = { api: undefined, reply: undefined };

/** What a ticket asks for; unless it says otherwise the first one, approved, that Ana be hired into the newsroom. */
export interface Wish {
  ticket?: 1 | 2 | 3;
  /** `other`: nothing of ours. */
  what?: 'hire' | 'more' | 'leave' | 'other';
  email?: string;
  profile?: string;
  day?: string;
  isApproved?: boolean;
}

/** A ticketing system, as the rules see it that all of them keep. */
export interface Desk {
  vendor: ReturnType<typeof useVendor>;
  /** What names the first ticket to us, and to people. */
  ticket: string;
  reference: string;
  /** The place of the address in a ticket. */
  emailAt: string;
  /** Settings by which a delivery that names a ticket is read as saying nothing else, where it could. */
  namesOnly?: object;
  sample: Sample;
  /** Somebody makes this of a ticket. What it has been told stays. */
  write(wish: Wish): void;
  /** A road, and the delivery that names a ticket as it is. */
  road(settings?: object): Road & { name(ticket: NonNullable<Wish['ticket']>): Promise<Job | undefined> };
  /** What a ticket was told. */
  told(ticket?: NonNullable<Wish['ticket']>): string[];
}

/** What is noted of a job. */
export const detailsOf = (job: Job | undefined) => job?.history.map(({ detail }) => detail);

/** Somebody has a job tried again. Answers it as it is then. */
export async function tryAgain({ world, job }: Road, of: Job | undefined, seconds = 60): Promise<Job | undefined> {
  await retryJob(world, { jobId: of?.jobId ?? '', by: 'it-desk' });
  await world.runFor(seconds);
  return job(of?.jobId);
}

/** A ticket asks for something, and is sent. */
export async function ask(desk: Desk, made: ReturnType<Desk['road']>, wish: Wish = {}): Promise<Job | undefined> {
  desk.write(wish);
  return made.name(wish.ticket ?? 1);
}
