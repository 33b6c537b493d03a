import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { SecretUnreadable, secretsFrom } from '../../shared/platform/secrets.ts';

const CANARY = 'canary-of-the-secrets-tests';
const FIVE_MINUTES_MS = 300_000;

/** A client whose answers are scripted, and a clock that is moved by hand. */
function vault(...answers: (string | Error | undefined)[]) {
  const asked: unknown[] = [];
  const client = new SecretsManagerClient({ region: 'eu-north-1' });
  client.send = async (command: object) => {
    asked.push(command instanceof GetSecretValueCommand ? command.input.SecretId : command);
    const next = answers.length > 1 ? answers.shift() : answers[0];
    if (next instanceof Error) throw next;
    return { SecretString: next };
  };
  const clock = { ms: 1_700_000_000_000 };
  const unreadable: string[] = [];
  const secrets = secretsFrom(
    client,
    () => clock.ms,
    (id) => unreadable.push(id),
  );
  return { asked, clock, unreadable, secrets };
}

describe('a secret', () => {
  it('is parsed', async () => {
    expect(await vault('{"apiKey":"k"}').secrets.get('vault/one')).toEqual({ apiKey: 'k' });
  });

  it('is read once in five minutes, whoever asks', async () => {
    const { secrets, clock, asked } = vault('1', '2');
    expect(await Promise.all([secrets.get('one'), secrets.get('one')])).toEqual([1, 1]);
    clock.ms += FIVE_MINUTES_MS - 1;
    expect(await secrets.get('one')).toBe(1);
    expect(asked).toEqual(['one']);
  });

  it('is read again when it is five minutes old', async () => {
    const { secrets, clock, asked } = vault('1', '2');
    await secrets.get('one');
    clock.ms += FIVE_MINUTES_MS;
    expect(await secrets.get('one')).toBe(2);
    expect(asked).toEqual(['one', 'one']);
  });

  it('is read again where the clock went back, for nobody knows its age', async () => {
    const { secrets, clock } = vault('1', '2');
    await secrets.get('one');
    clock.ms -= 1;
    expect(await secrets.get('one')).toBe(2);
  });

  it('is kept apart from every other', async () => {
    const { secrets, asked } = vault('1', '2');
    expect([await secrets.get('one'), await secrets.get('__proto__'), await secrets.get('one')]).toEqual([1, 2, 1]);
    expect(asked).toEqual(['one', '__proto__']);
  });

  it('that was refused is read at once on demand, and that is the one kept from then on', async () => {
    const { secrets, asked } = vault('"old"', '"new"');
    expect(await secrets.get('one')).toBe('old');
    expect(await secrets.refresh('one')).toBe('new');
    expect(await secrets.get('one')).toBe('new');
    expect(asked).toHaveLength(2);
  });
});

describe('a failure', () => {
  it('is told of by the secret’s id, and a success is not', async () => {
    const { secrets, unreadable } = vault(new Error('no'), '1');
    await expect(secrets.get('vault/two')).rejects.toThrow(SecretUnreadable);
    expect(await secrets.get('vault/two')).toBe(1);
    expect(unreadable).toEqual(['vault/two']);
  });

  it('is not kept: the next use tries again', async () => {
    const { secrets } = vault(new Error(CANARY), '"well"');
    await expect(secrets.get('one')).rejects.toThrow(SecretUnreadable);
    expect(await secrets.get('one')).toBe('well');
  });

  it('to read it again does not last either', async () => {
    const { secrets } = vault('"old"', new Error(CANARY), '"new"');
    await secrets.get('one');
    await expect(secrets.refresh('one')).rejects.toThrow(SecretUnreadable);
    expect(await secrets.get('one')).toBe('new');
  });

  const contents: [rule: string, content: string | undefined][] = [
    ['is no JSON', CANARY],
    ['is nearly JSON', `{"apiKey":"${CANARY}"`],
    ['is empty', ''],
    ['is missing', undefined],
  ];
  for (const [rule, content] of contents) {
    it(`because the content ${rule} names the secret and quotes nothing of it`, async () => {
      const error: unknown = await vault(content)
        .secrets.get('vault/one')
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        name: 'SecretUnreadable',
        message: 'The secret vault/one could not be read: SyntaxError',
      });
      expect(error).not.toHaveProperty('cause');
    });
  }

  it('of AWS is told by its kind alone', async () => {
    const refused = Object.assign(new Error(CANARY), { name: 'AccessDeniedException' });
    const error: unknown = await vault(refused)
      .secrets.get('vault/one')
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: 'The secret vault/one could not be read: AccessDeniedException' });
  });
});
