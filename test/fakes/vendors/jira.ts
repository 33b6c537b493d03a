/**
 * Jira's API, as far as it is asked: an issue with the fields that are asked for, comments in ADF, transitions. An issue is kept as its
 * `fields`; what was written to it is in its `comments` and shows in its status.
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

const ISSUE = /^\/rest\/api\/[23]\/issue\/([\w-]+)(?:\/(comment|transitions))?$/;
const NOT_FOUND: VendorReply = { status: 404, body: { errorMessages: ['Issue does not exist'], errors: {} } };
/** The transitions of the workflow, and the status that each leads to. */
const TRANSITIONS: Readonly<Record<string, string>> = {
  '21': 'In Progress',
  '31': 'Done',
  '41': 'Waiting for support',
};

/** A fake Jira. */
export function jiraFake(email = 'bot@press.example', apiToken = 'local-jira-api-token'): VendorFake {
  return vendorFake((request, issues) => {
    if (!isBasic(request, email, apiToken)) return { status: 401, body: { errorMessages: ['Unauthorized'] } };
    const [, name = '', part] = ISSUE.exec(request.path) ?? [];
    const [key = '', issue] = [...issues].find(([known, one]) => known === name || jiraId(known, one) === name) ?? [];
    if (!issue) return NOT_FOUND;
    if (request.method === 'GET' && part === undefined) return shown(key, issue, request);
    if (request.method !== 'POST') return { status: 405 };
    return part === 'comment' ? commented(issue, request) : moved(issue, request);
  });
}

/** An issue's lasting id: what it is told, or made of its key. */
export function jiraId(key: string, { id }: Employee = {}): string {
  const letters = [...key.split('-', 1).join('')].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7);
  return typeof id === 'string' ? id : String((letters % 100_000) * 10_000 + Number(key.split('-')[1] ?? 0) + 1);
}

function shown(key: string, issue: Employee, { query }: VendorRequest): VendorReply {
  const { comments, id, ...fields } = issue;
  const asked = (query.get('fields') ?? '*all').split(',');
  const given = Object.entries(fields).filter(([name]) => asked.includes('*all') || asked.includes(name));
  const self = `https://press.example/rest/api/2/issue/${jiraId(key, issue)}`;
  return { status: 200, body: { id: jiraId(key, issue), key, self, fields: Object.fromEntries(given) } };
}

function commented(issue: Employee, { body }: VendorRequest): VendorReply {
  const { body: document, properties = [] } = JSON.parse(body) as { body?: Document; properties?: unknown };
  if (document?.type !== 'doc' || document.version !== 1 || !Array.isArray(document.content))
    return { status: 400, body: { errors: { comment: 'Comment body is not valid!' } } };
  const comment = { text: textOf(document), isInternal: JSON.stringify(properties).includes('"internal":true') };
  issue['comments'] = [...commentsOf(issue), comment];
  return { status: 201, body: { id: String(commentsOf(issue).length) } };
}

interface Document {
  type?: string;
  version?: number;
  text?: string;
  content?: Document[];
}

function textOf({ text = '', content = [] }: Document): string {
  return text + content.map(textOf).join('');
}

function moved(issue: Employee, { body }: VendorRequest): VendorReply {
  const { transition } = JSON.parse(body) as { transition?: { id?: string } };
  const name = TRANSITIONS[transition?.id ?? ''];
  const { name: before } = (issue['status'] ?? {}) as { name?: string };
  if (name === undefined || name === before)
    return {
      status: 400,
      body: { errorMessages: ['It seems that you have tried to perform an illegal workflow operation.'] },
    };
  issue['status'] = { name };
  return { status: 204 };
}
