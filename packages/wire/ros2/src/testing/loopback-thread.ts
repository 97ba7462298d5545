import { serveThread } from '../worker/serve-thread.ts';
import { loopbackDatagrams } from './loopback-graph.ts';

serveThread({ datagrams: loopbackDatagrams });
