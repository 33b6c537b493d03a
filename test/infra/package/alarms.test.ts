/** An alarm on a name that nothing emits is silent for ever; so every name is one that the code has. */
import { describe, expect, test } from 'vitest';
import { JOB_ERRORS } from '../../../shared/lifecycle/errors.ts';
import { metricNames } from '../../../shared/lifecycle/metric.ts';
import { type Json, ofType, usePackaged } from './packaged.ts';

/** What AWS counts: Lambda, SQS and HTTP APIs, each under "Metrics and dimensions" of its guide. */
const AWS: Record<string, string[]> = {
  'AWS/Lambda': ['Errors', 'Throttles', 'Duration', 'Invocations'],
  'AWS/SQS': ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'],
  'AWS/ApiGateway': ['Count', '4xx', '5xx', 'Latency'],
};
const OURS = [
  { Name: 'service', Value: 'conscent-lifecycle' },
  { Name: 'ledger', Value: { Ref: 'JobsTable' } },
];

const service = usePackaged();

interface Measured {
  Namespace: string;
  MetricName: string;
  Dimensions: Json;
}

function isKnown({ Namespace, MetricName }: Measured): boolean {
  return (Namespace === 'ConscentLifecycle' ? metricNames() : (AWS[Namespace] ?? [])).includes(MetricName);
}

/** Every metric that the alarms look at. */
function alarmed(): Measured[] {
  return ofType(service().template, 'AWS::CloudWatch::Alarm').flatMap(([, { Properties }]) => {
    if (!Properties['Metrics']) return [Properties as unknown as Measured];
    const several = Properties['Metrics'] as { MetricStat?: { Metric: Measured } }[];
    return several.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []));
  });
}

interface Widget {
  type: string;
  properties: { metrics?: (string | object)[][]; alarms?: string[]; stat?: string };
}

function widgets(): Widget[] {
  const body = service().template.Resources['Dashboard']?.Properties['DashboardBody'] as { 'Fn::Sub': string };
  return JSON.parse(body['Fn::Sub']).widgets;
}

/** The rows of a widget, with what `.` repeats written out. */
function rows({ properties }: Widget): string[][] {
  let above: string[] = [];
  return (properties.metrics ?? []).map((row) => {
    const words = row.filter((word) => typeof word === 'string');
    above = words.map((word, index) => (word === '.' ? (above[index] ?? '') : word));
    return above;
  });
}

describe('every alarm', () => {
  test('looks at something that is counted', () => {
    expect(alarmed().length).toBeGreaterThan(17);
    expect(alarmed().filter((metric) => !isKnown(metric))).toEqual([]);
  });

  test('adds up what happens, and looks at the most of what is so for a while; any of it is too much', () => {
    const happens = /^(alarm\.|person\.stuck$|5xx$|Errors$|Throttles$)/;
    const looks = ofType(service().template, 'AWS::CloudWatch::Alarm').flatMap(([id, { Properties }]) => {
      const { Metrics = [], MetricName, Statistic, Threshold, ComparisonOperator } = Properties;
      const several = (Metrics as { MetricStat?: { Stat: string; Metric: Measured } }[]).flatMap(({ MetricStat }) =>
        MetricStat ? [[MetricStat.Metric.MetricName, MetricStat.Stat] as const] : [],
      );
      const each = MetricName ? [[String(MetricName), Statistic] as const] : several;
      return each.map(([name, statistic]) => ({ id, name, statistic, Threshold, ComparisonOperator }));
    });
    expect(looks).toHaveLength(alarmed().length);
    for (const { id, name, ...how } of looks)
      expect(how, id).toEqual({
        statistic: happens.test(name) ? 'Sum' : 'Maximum',
        // Seconds.
        Threshold: name === 'wakes.overdue' ? 300 : 0,
        ComparisonOperator: 'GreaterThanThreshold',
      });
  });

  test('on a number of ours looks at that of its own ledger', () => {
    const ours = alarmed().filter(({ Namespace }) => Namespace === 'ConscentLifecycle');
    expect(ours.filter(({ Dimensions }) => JSON.stringify(Dimensions) !== JSON.stringify(OURS))).toEqual([]);
  });

  test('tells the topic, when it begins and when it is over, and says what to do', () => {
    for (const [id, { Properties }] of ofType(service().template, 'AWS::CloudWatch::Alarm')) {
      expect(Properties, id).toMatchObject({
        AlarmActions: [{ Ref: 'AlarmTopic' }],
        OKActions: [{ Ref: 'AlarmTopic' }],
      });
      expect(String(Properties['AlarmDescription']).length, id).toBeGreaterThan(40);
    }
  });
});

test.each([
  'leavers.late',
  'jobs.needs-attention',
  'people.held',
  'alarm.unlinked-leaver',
  'alarm.leaver-not-revoked',
  'alarm.conscent-unauthorized',
  'alarm.secret-unreadable',
  'alarm.source-misconfigured',
  'alarm.crashed',
  'person.stuck',
  'alarm.internal',
  'alarm.reconcile-failed',
  'wakes.overdue',
  'sources.silent',
  'pause.operator',
  'ApproximateNumberOfMessagesVisible',
  '5xx',
  'Throttles',
  'Errors',
])('there is an alarm on %s', (name) => {
  expect(alarmed().map(({ MetricName }) => MetricName)).toContain(name);
});

/** Alarms of the code that have no alarm of their own in CloudWatch: which other covers them, and why it does. */
const COVERED: Record<string, [by: string, because: string]> = {
  ...Object.fromEntries(
    Object.keys(JOB_ERRORS).map((code) => [
      code,
      ['jobs.needs-attention', 'its job needs attention; without one: person.stuck'],
    ]),
  ),
  'needs-attention': ['jobs.needs-attention', 'it is said of such a job'],
  held: ['people.held', 'it is said of those who are held, for as long as they are'],
  'source-silent': ['sources.silent', 'it is said of those sources, for as long as they are silent'],
  unavailable: ['5xx', 'the caller is answered 503'],
};

test('whatever the code alarms has an alarm of its own, or one that covers it', () => {
  const watched = alarmed().map(({ MetricName }) => MetricName);
  const codes = metricNames().flatMap((name) => /^alarm\.(.*)$/.exec(name)?.[1] ?? []);
  expect(codes.length).toBeGreaterThan(40);
  const silent = codes.filter(
    (code) => ![`alarm.${code}`, COVERED[code]?.[0] ?? ''].some((name) => watched.includes(name)),
  );
  expect(silent).toEqual([]);
});

test('a sweep that does not run is alarmed, because nothing else would tell', () => {
  expect(service().template.Resources['WakesOverdue']?.Properties).toMatchObject({ TreatMissingData: 'breaching' });
});

describe('the dashboard', () => {
  test('shows what is counted, under the names and of the ledger that it is counted for', () => {
    const shown = widgets().flatMap(rows);
    expect(shown.length).toBeGreaterThan(50);
    const wrong = shown.filter(([Namespace = '', MetricName = '', ...dimensions]) => {
      const isOfLedger = /^service,conscent-lifecycle,ledger,\$\{JobsTable\}$/.test(dimensions.join());
      return !isKnown({ Namespace, MetricName, Dimensions: [] }) || (Namespace === 'ConscentLifecycle' && !isOfLedger);
    });
    expect(wrong).toEqual([]);
  });

  test.each([
    ['what is accepted', ['accept.new', 'accept.duplicate']],
    ['what is reconciled', ['Invocations']],
    ['what became of it', ['outcome.created', 'outcome.updated', 'outcome.revoked', 'outcome.unchanged']],
    ['Conscent’s status codes', ['conscent.status.201', 'conscent.status.401', 'conscent.status.429']],
    ['the queue’s age', ['ApproximateAgeOfOldestMessage']],
    ['how long wakes are overdue', ['wakes.overdue']],
    ['the guard', ['people.held', 'pause.operator']],
  ])('shows %s', (_, names) => {
    const shown = widgets()
      .flatMap(rows)
      .map(([, name]) => name);
    expect(shown).toEqual(expect.arrayContaining(names));
  });

  test('shows how long it takes from what was accepted to the change, for half of all and for 99 of 100', () => {
    const [widget] = widgets().filter((one) => rows(one).some(([, name]) => name === 'accepted.changed'));
    expect([widget?.properties.stat, JSON.stringify(widget?.properties.metrics)]).toEqual([
      'p50',
      expect.stringContaining('"stat":"p99"'),
    ]);
  });

  test('shows every alarm', () => {
    const shown = widgets().flatMap(({ properties }) => properties.alarms ?? []);
    const ids = ofType(service().template, 'AWS::CloudWatch::Alarm').map(([id]) => `\${${id}.Arn}`);
    expect(shown.sort()).toEqual(ids.sort());
  });
});
