/** Good deliveries that come again, or too late, or too early. */
import { hire, unhire } from '../../../fixtures/hr/greenhouse.ts';
import type { Attack, Family } from '../attack.ts';
import { forged, joiner, PATH, REFUSED, SAME_JOB } from '../forging.ts';
import { KEYS } from '../secrets.ts';
import { hex, signed } from '../sending.ts';
import type { Stage } from '../stage.ts';

const greenhouse = (stage: Stage, body: object, id: string) => {
  const sent = JSON.stringify(body);
  const signature = `sha256 ${hex(KEYS.greenhouse, sent)}`;
  const headers = { 'content-type': 'application/json', signature, 'greenhouse-event-id': id };
  return stage.request('POST', '/webhooks/greenhouse', { body: sent, headers });
};

const attacks: Attack[] = [
  {
    rule: 'a delivery is worth nothing after its time, nor before it',
    sent: 'a good signature of six minutes ago, one of six minutes ahead, and one whose timestamp was made current',
    send: async (stage, canary) =>
      [
        await forged((_, body) => signed(body, { ageSeconds: 360 }))(stage, canary),
        await forged((_, body) => signed(body, { ageSeconds: -360 }))(stage, canary),
        await forged((good, body) => ({
          ...signed(body, { ageSeconds: 360 }),
          'webhook-timestamp': `${good['webhook-timestamp']}`,
        }))(stage, canary),
      ].flat(),
    ...REFUSED,
  },
  {
    rule: 'a timestamp is digits and nothing else',
    sent: 'the timestamps `1e9`, `+1`, `0x1`, `-1`, `1.0` and the empty one',
    send: (stage, canary) =>
      Promise.all(
        ['1e9', '+1', '0x1', '-1', '', '1.0'].map((timestamp) =>
          forged((good) => ({ ...good, 'webhook-timestamp': timestamp }))(stage, canary),
        ),
      ).then((all) => all.flat()),
    ...REFUSED,
  },
  {
    rule: 'a delivery that comes again is the same job',
    sent: 'one signed delivery, three times within its window',
    given: async (stage) => {
      const body = joiner('nobody').replace('mallory', 'once');
      return stage.request('POST', PATH, { body, headers: signed(body, { id: 'msg-replayed' }) });
    },
    send: async (stage) => {
      const body = joiner('nobody').replace('mallory', 'once');
      const headers = signed(body, { id: 'msg-replayed' });
      return [
        await stage.request('POST', PATH, { body, headers }),
        await stage.request('POST', PATH, { body, headers }),
      ];
    },
    ...SAME_JOB,
  },
  {
    rule: 'a hire that was taken back is not brought back by its old delivery under a new name',
    sent: 'Greenhouse’s signed `hire_candidate` once more, after the `unhire_candidate`, with a fresh `Greenhouse-Event-ID`, which is not signed',
    given: async (stage) => {
      await greenhouse(stage, hire({ first_name: 'Replayed', last_name: 'Hire', id: 991 }), 'evt-1');
      await greenhouse(stage, unhire(991), 'evt-2');
    },
    send: (stage) => greenhouse(stage, hire({ first_name: 'Replayed', last_name: 'Hire', id: 991 }), 'evt-3'),
    answered: '200',
    stored: 'nothing',
  },
];

export const replays: Family = {
  title: 'Repeated deliveries',
  about:
    'A delivery is known by what is signed of it; where its sender signs the time, it is worth something for five minutes.',
  attacks,
};
