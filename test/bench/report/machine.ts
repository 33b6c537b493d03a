import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** On what the figures were taken. @param load the load average when the run began. */
export function machine(load: number): string {
  const memory = (totalmem() / 1024 ** 3).toFixed(0);
  const [cpu] = cpus();
  const now = loadavg()[0] ?? 0;
  return `${availableParallelism()} cores (${cpu?.model.trim()}), ${memory} GiB, ${process.platform} ${process.arch}, Node ${process.version}; load average ${load.toFixed(1)} when the run began and ${now.toFixed(1)} when it ended.`;
}
