import { useRoute } from '../gateway/gateway.ts';

/** Maximum open incidents that are loaded for the home page and counted in the navigation. */
const MAX_OPEN = 50;

/** The open incidents, newest first. The home page and the navigation share one request. */
export const useOpenIncidents = () => useRoute('listIncidents', { query: { state: 'open', limit: MAX_OPEN } });
