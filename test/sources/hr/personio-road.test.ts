import { describe, expect, it } from 'vitest';
import { personio } from '../../../shared/sources/hr/personio.ts';
import { personioFake, TOKEN_SECONDS } from '../../fakes/vendors/personio.ts';
import { personioDelivery } from '../../fixtures/hr/personio.ts';
import { useVendor } from '../stage.ts';
import { CANARIES } from '../tables.ts';

const TOKEN = 'verlag webhook token';
const SETTINGS = { tokens: [TOKEN], clientId: 'verlag', clientSecret: 'verlag secret' };
const stage = useVendor({ make: personio, fake: () => personioFake('verlag', 'verlag secret'), settings: SETTINGS });
const EMPLOYED = {
  email: 'Jule@Verlag.example',
  employment_start_date: '2026-01-12',
  department: 'Newsroom',
  position: 'Redakteurin',
};

const lookUp = (context: Parameters<typeof stage.source>[1] = {}) => {
  stage.fake.records.set('31', EMPLOYED);
  return stage.source({}, context).lookUp?.('31');
};

describe('an access token', () => {
  const tokens = () => stage.fake.requests.filter(({ path }) => path === '/v2/auth/token').length;
  const at = (second: number) => ({ now: () => new Date(Date.UTC(2026, 4, 5) + second * 1000).toISOString() });

  it('is kept until shortly before its end, by our clock', async () => {
    await lookUp(at(0));
    const asked = tokens();
    await lookUp(at(TOKEN_SECONDS - 61));
    expect(tokens()).toBe(asked);
    await lookUp(at(TOKEN_SECONDS - 60));
    expect(tokens()).toBe(asked + 1);
  });

  it('that was revoked is replaced at once, and one that is refused anew is not asked for again and again', async () => {
    await lookUp();
    const asked = tokens();
    const { fake } = stage;
    fake.fail({ status: 401 });
    expect(await lookUp()).toMatchObject({ kind: 'record' });
    expect(tokens()).toBe(asked + 1);
    stage.instead('/31', { status: 403 });
    expect(await lookUp()).toEqual({ kind: 'failed', reason: 'vendor-unauthorized' });
    expect(tokens()).toBe(asked + 2);
  });
});

describe('the road', () => {
  it('from joining by moving to leaving, the last day moved and cancelled on the way', async () => {
    const { world, deliver, users } = stage.road();
    let sent = 0;
    const changed = async (event: string, more: object = {}) => {
      stage.fake.records.set('31', { ...EMPLOYED, ...more });
      sent += 1;
      const at = { occurred_at: `2026-03-02T08:00:0${sent}Z` };
      return (await deliver(personioDelivery(TOKEN, event, { person: { id: '31' } }, at)))[0];
    };
    expect(await changed('person.created')).toMatchObject({ outcome: 'created' });
    expect(users()).toEqual([{ email: 'jule@verlag.example', permissions: ['paywallBuilder', 'journey'] }]);
    const moved = { department: 'Treasury' };
    expect(await changed('employment.updated', moved)).toMatchObject({ outcome: 'updated' });
    const dated = await changed('employment.updated', { ...moved, termination_date: '2026-03-10' });
    expect(dated).toMatchObject({ status: 'scheduled', effectiveAt: '2026-03-11T00:00:00.000Z' });
    await changed('employment.updated', { ...moved, termination_date: '2026-03-12' });
    await changed('employment.updated', moved);
    await world.runFor(20 * 86_400);
    expect(users()).toMatchObject([{ permissions: ['payments', 'billing'] }]);
    const gone = { ...moved, termination_date: '2026-03-21', status: 'INACTIVE', email: null };
    expect(await changed('employment.terminated', gone)).toMatchObject({ outcome: 'revoked' });
    expect(users()).toMatchObject([{ permissions: [] }]);
  });

  it.each([
    ['when its second has come', 30],
    // Personio's clock may be a moment ahead of ours.
    ['before it', 0],
  ])(
    'from a hint that somebody else sent for a second to come does not lead past the leaver of that second, %s',
    async (_, wait) => {
      const { world, deliver, users } = stage.road();
      const said = (occurred_at: string) =>
        personioDelivery(TOKEN, 'employment.terminated', { person: { id: '31' } }, { occurred_at });
      stage.fake.records.set('31', EMPLOYED);
      const [forged] = await deliver(said('2026-03-02T08:00:20Z'));
      expect(forged).toMatchObject({ outcome: 'created' });
      stage.fake.records.set('31', { ...EMPLOYED, termination_date: '2026-03-01', status: 'INACTIVE' });
      await world.runFor(wait);
      const [genuine] = await deliver(said('2026-03-02T08:00:20Z'));
      expect(genuine).toMatchObject({ outcome: 'revoked' });
      expect(users()).toMatchObject([{ permissions: [] }]);
    },
  );

  it('of a coming joiner waits for the first day', async () => {
    const { world, deliver, users } = stage.road();
    stage.fake.records.set('31', { ...EMPLOYED, employment_start_date: '2026-03-20', status: 'ONBOARDING' });
    const [job] = await deliver(personioDelivery(TOKEN, 'person.created', { id: '31' }));
    expect(job).toMatchObject({ status: 'scheduled', effectiveAt: '2026-03-20T00:00:00.000Z' });
    await world.runFor(20 * 86_400);
    expect(users()).toHaveLength(1);
  });

  it('leaves no trace of what is nobody’s business, and none of names', async () => {
    const { deliver, kept } = stage.road();
    stage.fake.records.set('31', { ...EMPLOYED, ...CANARIES, last_name: 'canary-name' });
    await deliver(personioDelivery(TOKEN, 'person.updated', { id: '31', ...CANARIES, last_name: 'canary-name' }));
    expect(kept()).toContain('jule@verlag.example');
    expect(kept()).not.toMatch(/canary|papi-|verlag secret/i);
  });
});
