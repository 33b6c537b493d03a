/** What is said of the routes that concern everybody, and of those that concern nobody. */
import type { RouteWords } from './operation.ts';

const GUARD = 'Guard';
const SERVICE = 'Service';

/** By route. */
export const OPERATING_ROUTES = {
  'POST /guard/release': {
    operationId: 'releaseAll',
    tag: GUARD,
    summary: 'Let all leavers go whom the guard has stopped',
    description:
      'The guard stops what looks like an accident: too many people who lose their access at once. Sent again, it lets those go who have come since. It takes no body.',
    answers: { 200: { description: 'How many were let go.', schema: 'Released' } },
  },
  'POST /guard/pause': {
    operationId: 'pauseWrites',
    tag: GUARD,
    summary: 'Stop every write to Conscent',
    description:
      'Events are accepted still; whatever they ask for is held. A call that is under way ends by itself. It takes no body.',
    answers: { 200: { description: 'Stopped, and since when.', schema: 'Paused' } },
  },
  'POST /guard/resume': {
    operationId: 'resumeWrites',
    tag: GUARD,
    summary: 'Let writes to Conscent go on',
    description: 'Leavers first. A pause that Conscent asked for is not ended by this. It takes no body.',
    answers: { 200: { description: 'Going on, and how many had waited.', schema: 'Resumed' } },
  },
  'GET /health': {
    operationId: 'getHealth',
    tag: SERVICE,
    summary: 'See whether it answers',
    description: 'Answers HEAD too.',
    answers: { 200: { description: 'It does.', schema: 'Health' } },
  },
  'GET /openapi.json': {
    operationId: 'getDocument',
    tag: SERVICE,
    summary: 'Read this document',
    description: 'OpenAPI 3.1, generated from the schemas that validate. Answers HEAD too.',
    answers: { 200: { description: 'This document.' } },
  },
} as const satisfies Readonly<Record<string, RouteWords>>;
