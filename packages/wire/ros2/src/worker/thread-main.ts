import { udpDatagrams } from '@medkit/edges/node';
import { serveThread } from './serve-thread.ts';

serveThread({ datagrams: udpDatagrams });
