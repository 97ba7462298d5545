/** Start and end of a condition refresh (OPC 10000-9, 5.11.2 and 5.11.3). */
export const REFRESH_START = 'i=2787';
export const REFRESH_END = 'i=2788';
/** The server lost events and requires a refresh (OPC 10000-9, 5.11.4). */
export const REFRESH_REQUIRED = 'i=2789';
/** Events of a notifier were lost because its queue overflowed (OPC 10000-4, 7.22.3). */
export const EVENT_QUEUE_OVERFLOW = 'i=3035';
