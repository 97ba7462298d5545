import { open } from 'node:fs/promises';
import { type BagReader, openMcapReader, openSqliteReader } from '@medkit/faults';

/** Opens a recording, MCAP or SQLite by how its name ends. Throws `BagUnreadable`, or what the system says of the file. */
export async function openBag(path: string): Promise<BagReader> {
  const handle = await open(path, 'r');
  try {
    if (path.endsWith('.db3')) {
      await handle.close();
      return openSqliteReader(path);
    }
    return await openMcapReader({
      size: async () => BigInt((await handle.stat()).size),
      read: async (offset, octets) => {
        const buffer = new Uint8Array(Number(octets));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, Number(offset));
        return buffer.subarray(0, bytesRead);
      },
      close: () => handle.close(),
    });
  } catch (error) {
    await handle.close();
    throw error;
  }
}
