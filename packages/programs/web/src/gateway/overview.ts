import type { RootOverview } from '@medkit/contract';
import { parseJson } from '@medkit/core/json';
import { useQuery } from '@tanstack/react-query';
import { gatewayAddress } from '../routes/base-path.ts';

async function ask(signal: AbortSignal): Promise<RootOverview> {
  const reply = await fetch(`${gatewayAddress()}/`, { headers: { Accept: 'application/json' }, signal });
  if (!reply.ok) throw new Error(`${reply.status}`);
  return parseJson(await reply.text()) as RootOverview;
}

/** The public overview of the gateway, also available without signing in; `getRoot` requires read permission. */
export function useOverview(): RootOverview | undefined {
  return useQuery({ queryKey: ['overview'], queryFn: ({ signal }) => ask(signal), retry: false }).data;
}
