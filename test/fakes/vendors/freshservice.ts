/**
 * Freshservice's API, as far as it is asked: a ticket, what was requested by it, its status and its notes. A ticket is kept as its members;
 * `requested_items` are asked for on their own, and what was written to it is in its `comments`.
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

const TICKET = /^\/api\/v2\/tickets\/([1-9]\d*)(?:\/(requested_items|notes))?$/;
const INVALID: VendorReply = { status: 400, body: { description: 'Validation failed', errors: [] } };
/** Open, pending, resolved, closed, and one of the account's own. */
const STATUSES = [2, 3, 4, 5, 8];

/** A fake Freshservice. */
export function freshserviceFake(apiKey = 'local-freshservice-api-key'): VendorFake {
  return vendorFake((request, tickets) => {
    if (!isBasic(request, apiKey, 'X')) return { status: 401, body: { code: 'invalid_credentials' } };
    const [, id = '', part = ''] = TICKET.exec(request.path) ?? [];
    const ticket = tickets.get(id);
    if (!ticket) return { status: 404 };
    switch (`${request.method} ${part}`) {
      case 'GET ':
        return shown(id, ticket);
      case 'GET requested_items':
        return requested(ticket);
      case 'PUT ':
        return updated(id, ticket, request);
      case 'POST notes':
        return noted(ticket, request);
      default:
        return { status: 405 };
    }
  });
}

function shown(id: string, { comments, requested_items: _, ...ticket }: Employee): VendorReply {
  return { status: 200, body: { ticket: { id: Number(id), type: 'Service Request', custom_fields: {}, ...ticket } } };
}

function requested({ type, requested_items: items = [] }: Employee): VendorReply {
  return type === 'Incident' ? { status: 404 } : { status: 200, body: { requested_items: items } };
}

function updated(id: string, ticket: Employee, { body }: VendorRequest): VendorReply {
  const { status } = JSON.parse(body) as { status?: unknown };
  if (typeof status !== 'number' || !STATUSES.includes(status)) return INVALID;
  ticket['status'] = status;
  return shown(id, ticket);
}

function noted(ticket: Employee, { body }: VendorRequest): VendorReply {
  const { body: text, private: isInternal = true } = JSON.parse(body) as { body?: unknown; private?: boolean };
  if (typeof text !== 'string' || text === '') return INVALID;
  ticket['comments'] = [...commentsOf(ticket), { text, isInternal }];
  return { status: 201, body: { conversation: { id: commentsOf(ticket).length, body: text } } };
}
