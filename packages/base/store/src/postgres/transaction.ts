import type { Connection } from './connect.ts';

/** Runs `work` between `begin` and COMMIT. Undoes everything if it throws. */
export async function transaction<T>({ client }: Connection, begin: string, work: () => Promise<T>): Promise<T> {
  await client.query(begin);
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // If the connection is lost, the server undoes the transaction.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
