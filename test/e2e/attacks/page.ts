/** docs/security.md, out of what the attacks came to. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Attack, Family } from './attack.ts';

/** Where the page is. */
export const SECURITY_PAGE = resolve(import.meta.dirname, '../../../docs/security.md');

/** What one attack came to, in words. */
export interface Outcome {
  answered: string;
  stored: string;
}

const HEAD = readFileSync(join(import.meta.dirname, 'head.md'), 'utf8');
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** The text of the page. @param outcomeOf what really came of an attack. */
export function securityPage(families: readonly Family[], outcomeOf: (attack: Attack) => Outcome): string {
  const sections = families.map(({ title, about, attacks }) => {
    const rows = attacks.map((attack) => row(attack, outcomeOf(attack)));
    return [
      `## ${title}`,
      '',
      about,
      '',
      '| rule | what is sent | answered | stored |',
      '|---|---|---|---|',
      ...rows,
    ].join('\n');
  });
  // The first family is no attack.
  const count = families.slice(1).flatMap(({ attacks }) => attacks).length;
  return `${HEAD.replace('{count}', String(count)).trimEnd()}\n\n${sections.join('\n\n')}\n`;
}

function row({ rule, sent, besides }: Attack, { answered, stored }: Outcome): string {
  const kept = [stored, besides?.that].filter(Boolean).join('; ');
  return `| ${[capital(rule), capital(sent), answered, kept].map(cell).join(' | ')} |`;
}
