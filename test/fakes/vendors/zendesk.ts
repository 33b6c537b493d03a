/**
 * Zendesk's API, as far as it is asked: a ticket with its custom fields, and the update of one, comment and status together or not at all. A
 * ticket is kept as its members; what was written to it is in its `comments` and shows in its status.
 */
import {
  commentsOf,
  type Employee,
  isBasic,
  type VendorFake,
  type VendorReply,
  type VendorRequest,
  vendorFake,
} from './vendor.ts';

const TICKET = /^\/api\/v2\/tickets\/([1-9]\d*)\.json$/;
const NOT_FOUND: VendorReply = { status: 404, body: { error: 'RecordNotFound', description: 'Not found' } };
const STATUSES = ['new', 'open', 'pending', 'hold', 'solved', 'closed'];

interface Update {
  comment?: { body?: unknown; public?: unknown };
  status?: string;
}

/** A fake Zendesk. */
export function zendeskFake(email = 'bot@press.example', apiToken = 'local-zendesk-api-token'): VendorFake {
  return vendorFake((request, tickets) => {
    if (!isBasic(request, `${email}/token`, apiToken))
      return { status: 401, body: { error: "Couldn't authenticate you" } };
    const [, id = ''] = TICKET.exec(request.path) ?? [];
    const ticket = tickets.get(id);
    if (!ticket) return NOT_FOUND;
    if (request.method === 'GET') return shown(id, ticket);
    return request.method === 'PUT' ? updated(id, ticket, request) : { status: 405 };
  });
}

function shown(id: string, { comments, ...ticket }: Employee): VendorReply {
  const url = `https://press.zendesk.example/api/v2/tickets/${id}.json`;
  return { status: 200, body: { ticket: { url, id: Number(id), custom_fields: [], ...ticket } } };
}

/** A ticket that is closed takes nothing more, and one that lacks a required field is not solved. */
function updated(id: string, ticket: Employee, { body }: VendorRequest): VendorReply {
  const { comment, status } = (JSON.parse(body) as { ticket?: Update }).ticket ?? {};
  const isUnsolvable = status === 'solved' && ticket['lacksRequiredField'] === true;
  if (ticket['status'] === 'closed' || isUnsolvable || (status !== undefined && !STATUSES.includes(status)))
    return { status: 422, body: { error: 'RecordInvalid', description: 'Record validation errors', details: {} } };
  if (comment && typeof comment.body === 'string') {
    // A comment that does not say so is public.
    const written = { text: comment.body, isInternal: comment.public === false };
    ticket['comments'] = [...commentsOf(ticket), written];
  }
  if (status !== undefined) ticket['status'] = status;
  return shown(id, ticket);
}
