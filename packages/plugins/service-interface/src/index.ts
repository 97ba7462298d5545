/** The plugin `sovd_service_interface`: what a gateway knows, as ROS 2 services. */
export { serviceInterface as plugin } from './service-interface.ts';
