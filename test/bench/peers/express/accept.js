/** An Express app that accepts events: who is calling, the body, the schema, the record. */
import express from 'express';
import serverless from 'serverless-http';
import { record } from '../record.js';
import { eventSchema } from './event-schema.js';

/** @param isFrom whether a request comes from whom it says. @param idHeader carries the delivery's id. */
export function accept(path, { source, idHeader, isFrom }) {
  const app = express();
  app.use(express.text({ type: 'application/json', limit: '256kb' }));
  app.post(path, async (request, response) => {
    if (!(await isFrom(request))) return response.status(401).json({});
    const event = eventSchema.safeParse(JSON.parse(request.body));
    if (!event.success) return response.status(400).json({ errors: event.error.issues });
    const job = await record(event.data, { source, deliveryId: request.get(idHeader) });
    return response.status(202).json({ jobs: [job] });
  });
  return serverless(app);
}
