/** The plugin `sovd_service_interface`: the gateway's data as ROS 2 services. */
export { serviceInterface as plugin } from './service-interface.ts';
