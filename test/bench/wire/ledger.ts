/** The tables of the benchmark's wire: items in memory, as DynamoDB's JSON writes them. Conditions always hold; they are tested elsewhere. */

/** An item as DynamoDB's JSON writes it. */
export type Item = Record<string, { S?: string; M?: Item } & Record<string, unknown>>;

/** The key of each table (infra/tables.yml), and of what the peers keep to themselves. */
const KEYS: Record<string, string> = { jobs: 'jobId', people: 'id', idempotency: 'id' };

/** What is read and written. */
export interface Ledger {
  get(table: string, key: Item): Item | undefined;
  /** Answers what was there before. */
  put(table: string, item: Item): Item | undefined;
  items(table: string): Item[];
  clear(): void;
}

/** Empty tables. */
export function createLedger(): Ledger {
  const tables = new Map(Object.keys(KEYS).map((table) => [table, new Map<string, Item>()]));
  const rowsOf = (table: string) => {
    const rows = tables.get(table);
    if (!rows) throw new Error(`There is no table ${table}`);
    return rows;
  };
  const idOf = (table: string, item: Item) => item[KEYS[table] ?? '']?.S ?? '';
  return {
    get: (table, key) => rowsOf(table).get(idOf(table, key)),
    put: (table, item) => {
      const rows = rowsOf(table);
      const before = rows.get(idOf(table, item));
      rows.set(idOf(table, item), item);
      return before;
    },
    items: (table) => [...rowsOf(table).values()],
    clear: () => {
      for (const rows of tables.values()) rows.clear();
    },
  };
}
