/**
 * The service with which a node describes the types that it uses (REP 2016). rcl offers it for every node since Iron.
 */
export const GET_TYPE_DESCRIPTION = 'type_description_interfaces/srv/GetTypeDescription';

export const getTypeDescriptionOf = (node: string): string => `${node}/get_type_description`;
