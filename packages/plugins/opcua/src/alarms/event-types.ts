/** A refresh of conditions begins, and ends (OPC 10000-9, 5.11.2 and 5.11.3). */
export const REFRESH_START = 'i=2787';
export const REFRESH_END = 'i=2788';
/** The server lost events, and wants a refresh to be asked for (OPC 10000-9, 5.11.4). */
export const REFRESH_REQUIRED = 'i=2789';
/** Events of a notifier were lost, since they were more than its queue holds (OPC 10000-4, 7.22.3). */
export const EVENT_QUEUE_OVERFLOW = 'i=3035';
