/**
 * The process that is measured: loads one bundle as Lambda's runtime does and hands it events. Plain CommonJS, so that it costs next to nothing.
 * Times are milliseconds since the process was started; CPU is that of all threads.
 *
 *   node runner.cjs BUNDLE          one event, from BENCH_EVENT; the figures go to file descriptor 3
 *   node runner.cjs BUNDLE --warm   events come by IPC, a list at a time
 */
const { writeSync } = require('node:fs');
const { pathToFileURL } = require('node:url');

const [, , bundle, mode] = process.argv;
const context = {
  awsRequestId: 'invocation-of-the-bench',
  functionName: 'bench',
  getRemainingTimeInMillis: () => 60_000,
};

async function load() {
  return bundle.endsWith('.mjs') ? import(pathToFileURL(bundle).href) : require(bundle);
}

async function once() {
  const event = JSON.parse(process.env.BENCH_EVENT);
  const cpu = process.cpuUsage();
  const loading = performance.now();
  const { handler } = await load();
  const loaded = performance.now();
  const answer = await handler(event, context);
  const answered = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  writeSync(3, JSON.stringify({ loading, loaded, answered, cpu: (user + system) / 1000, answer }));
  process.exit(0);
}

async function warm() {
  const { handler } = await load();
  process.on('message', async (events) => {
    const cpu = process.cpuUsage();
    const started = performance.now();
    let answer;
    for (const event of events) answer = await handler(event, context);
    const wall = performance.now() - started;
    const { user, system } = process.cpuUsage(cpu);
    process.send({ wall, cpu: (user + system) / 1000, answer });
  });
  process.send('loaded');
}

void (mode === '--warm' ? warm : once)();
