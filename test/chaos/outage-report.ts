/** An outage as it is printed. */
import type { Outage } from './outage.ts';

export function outageReport({ kinds, effectsWhileDown, overtaken, lastMs }: Outage, hours: number): string[] {
  const line = (kind: keyof Outage['kinds']) => {
    const { right, succeeded, told } = kinds[kind];
    return `${kind.padEnd(8)} ${right} hold what they should, ${succeeded} jobs succeeded, ${told} need a person who was told`;
  };
  return [
    `Conscent was down for ${hours} h; ${effectsWhileDown} calls had an effect meanwhile`,
    ...(['leaver', 'mover', 'joiner'] as const).map(line),
    `the last one was tried again ${(lastMs / 3_600_000).toFixed(1)} h after it was well; leavers overtaken within a minute: ${overtaken}`,
  ];
}
