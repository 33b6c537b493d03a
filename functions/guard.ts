import { http, requireNothing } from '../shared/middleware/http.ts';
import { pauseWrites, resumeWrites } from '../shared/operate/pause-writes.ts';
import { releaseAll } from '../shared/operate/release.ts';
import { wire } from '../shared/wiring.ts';

const { world, http: shared } = wire();

/** Lets the leavers go whom the guard has stopped, and stops every write to Conscent. */
export const handler = http(shared, {
  'POST /guard/release': async (request, { name }) => {
    requireNothing(request);
    return { status: 200, body: await releaseAll(world, { by: name }) };
  },
  'POST /guard/pause': async (request, { name }) => {
    requireNothing(request);
    return { status: 200, body: await pauseWrites(world, { by: name }) };
  },
  'POST /guard/resume': async (request, { name }) => {
    requireNothing(request);
    return { status: 200, body: await resumeWrites(world, { by: name }) };
  },
});
