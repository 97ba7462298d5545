/** What a public error code means to a client. */
export interface ErrorCodeEntry {
  /** Default HTTP status; the code that throws the error may set a more specific one. */
  readonly status: number;
  /**
   * Default message; the code that throws the error may set a more specific one. `{name}` is replaced by the error's
   * parameter.
   */
  readonly message: string;
  /** When the gateway sends it, for `docs/errors.md`. */
  readonly when: string;
}

/** Every error code a client can see. Codes that begin with `x-` are sent as `vendor-error` with a `vendor_code`. */
export const ERROR_CODES = {
  'invalid-request': {
    status: 400,
    message: 'Invalid request',
    when: 'The request is not valid HTTP or JSON, names several hosts, or has a body that does not match the schema. The status is 405, 408, 414, 415 or 431 if one of them is more exact.',
  },
  'invalid-parameter': {
    status: 400,
    message: 'Invalid parameter',
    when: 'An id, type or value is not allowed, or the path addresses an entity under the wrong type.',
  },
  unauthorized: {
    status: 401,
    message: 'Authentication required: send "Authorization: Bearer <token or key>", or log in',
    when: 'The route requires a credential and the request has none, or the credential is invalid, expired or revoked. Also a login with a wrong name or password.',
  },
  forbidden: {
    status: 403,
    message: 'Refused',
    when: 'The request comes from a web page of a foreign origin, or (421) names a host that is not in the list of allowed hosts. Also an attempt to extend or release the lock of another client.',
  },
  'insufficient-access-rights': {
    status: 403,
    message: 'Insufficient access rights',
    when: 'The client lacks the permission that the route needs; the message names it. Also if the runtime of the entity refuses the lifecycle transition to this gateway or client.',
  },
  'entity-not-found': {
    status: 404,
    message: 'Entity not found',
    when: 'No entity of any type has this id.',
  },
  'resource-not-found': {
    status: 404,
    message: 'Resource not found',
    when: 'The route does not exist, or the entity has no such resource.',
  },
  'operation-not-found': {
    status: 404,
    message: 'Operation not found',
    when: 'The entity has no operation with this id.',
  },
  'lock-broken': {
    status: 409,
    message: 'Locked by another client',
    when: 'Another client has locked the entity, an entity that contains it, or another entity with the same topic. Also if a new lock conflicts with an existing one.',
  },
  'payload-too-large': {
    status: 413,
    message: 'The request body is larger than the {limit} bytes allowed',
    when: 'The request body exceeds the limit.',
  },
  'rate-limit-exceeded': {
    status: 429,
    message: 'Too many requests: try again in {retry_after} s',
    when: 'The client, or all clients together, exceeded the `rate_limiting` budget of this minute. Also after too many invalid credentials or failed logins from this address. `Retry-After` says how long to wait, and `parameters` name the limit.',
  },
  'precondition-not-fulfilled': {
    status: 409,
    message: 'Not possible in the current state',
    when: 'The state of the entity or execution does not allow the request. For a lock: another client is still changing the entity.',
  },
  'not-implemented': {
    status: 501,
    message: 'Not implemented',
    when: 'The route is part of SOVD but disabled or not supported, or not supported for an entity of another gateway. Also if an operation has no type definition; the message names the missing file.',
  },
  'service-unavailable': {
    status: 503,
    message: 'Service unavailable',
    when: 'The part of the gateway or robot that should answer is not running or is overloaded. The message says which part.',
  },
  'not-responding': {
    status: 504,
    message: 'No answer in time',
    when: 'The runtime did not answer before the deadline.',
  },
  'internal-error': {
    status: 500,
    message: 'Internal server error',
    when: 'A defect of the gateway. Its log has the details.',
  },
  'x-medkit-peer-unavailable': {
    status: 502,
    message: 'The other gateway does not answer',
    when: 'The resource belongs to another gateway, which cannot be reached or does not answer like a gateway.',
  },
  'x-medkit-key-reused': {
    status: 409,
    message: 'Another request had this Idempotency-Key: use a new key for each request',
    when: 'The `Idempotency-Key` of a change was used for another request in the last 24 h, or the reply to the first one is too long to be repeated.',
  },
  'x-medkit-outcome-unknown': {
    status: 504,
    message: 'The outcome is unknown: the request was sent and may have taken effect, or may still do so',
    when: 'A change was sent to a node, a PLC or another gateway, no reply arrived, and reading its state did not show the outcome. Also if the gateway ended while it executed a change with this `Idempotency-Key`. `parameters` name what may be running. Check it before you send the request again.',
  },
  'x-medkit-ros2-topic-unavailable': {
    status: 404,
    message: 'The topic has no value at the moment',
    when: 'In the events of a subscription to a topic that has no publisher, or for which no message has arrived since the subscription started. Also for a picture of such a topic.',
  },
  'x-medkit-ros2-service-unavailable': {
    status: 500,
    message: 'Service call failed',
    when: 'The request could not be sent: no server of the ROS service was ready in `service_call_timeout_sec`.',
  },
  'x-medkit-ros2-action-unavailable': {
    status: 500,
    message: 'Action execution failed',
    when: 'The goal of a ROS action could not be sent, or (503) the cancel request could not be sent to its server.',
  },
  'x-medkit-ros2-action-rejected': {
    status: 400,
    message: 'Goal rejected',
    when: 'A ROS action server refused the goal, or refused to cancel it: `return_code` says why.',
  },
  'x-medkit-ros2-parameter-read-only': {
    status: 403,
    message: 'The parameter is read-only',
    when: 'Write or reset of a parameter that its node declares read-only.',
  },
  'x-medkit-ros2-node-unavailable': {
    status: 503,
    message: 'The node does not answer',
    when: 'The parameter services of a node are absent, or did not answer a read within `parameter_service_timeout_sec`. Requests in the following `parameter_service_negative_cache_sec` fail immediately, unless the node appears again.',
  },
  'x-medkit-plugin-error': {
    status: 500,
    message: 'The plugin that serves this entity failed',
    when: 'A provider of a plugin failed, could not reach its device, or returned an invalid answer. The provider can set another status from 400 to 599.',
  },
  'x-medkit-gateway-shutdown': {
    status: 503,
    message: 'The gateway is shutting down',
    when: 'The request arrived while the gateway was stopping.',
  },
  'x-medkit-storage-full': {
    status: 507,
    message: 'Not enough storage for this file',
    when: 'The upload does not fit on the disk, or would exceed `bulk_data.max_total_size`. Also if too many artifacts are being transferred.',
  },
  'x-medkit-range-not-satisfiable': {
    status: 416,
    message: 'The file has {size} bytes; the requested range begins after its end',
    when: 'The `Range` header of a download begins after the end of the file, or the `Content-Range` header of an upload does not begin at the byte after those received (`received`).',
  },
  'x-medkit-beacon-not-found': {
    status: 404,
    message: 'No beacon has reported this entity',
    when: 'No beacon message about the entity arrived within `beacon_expiry_sec`.',
  },
  'x-medkit-invalid-resource-uri': {
    status: 400,
    message: 'The resource is not the address of an observable resource',
    when: 'The `resource` of a trigger or subscription does not have the form `/api/v1/{kind}/{id}/{collection}[/path]`.',
  },
  'x-medkit-entity-mismatch': {
    status: 400,
    message: 'The resource belongs to another entity than the path',
    when: 'The `resource` of a trigger or subscription names another entity than its route.',
  },
  'x-medkit-unsupported-protocol': {
    status: 400,
    message: 'This protocol is not supported',
    when: 'Neither the gateway nor a plugin serves the `protocol` of the trigger or subscription.',
  },
  'x-medkit-collection-not-supported': {
    status: 400,
    message: 'Entities of this kind do not have this collection',
    when: 'Entities of this type do not have the collection of the subscription.',
  },
  'x-medkit-collection-not-available': {
    status: 400,
    message: 'This collection is not available at the moment',
    when: 'The collection of the subscription is known, but no provider serves it at the moment.',
  },
  'x-medkit-transport-not-streamable': {
    status: 501,
    message: 'This subscription has no event stream',
    when: 'A plugin delivers the events of this subscription by another protocol.',
  },
  'x-medkit-script-already-exists': {
    status: 409,
    message: 'The entity already has a script with this id',
    when: 'The uploaded file has the name of a script that the entity already has.',
  },
  'x-medkit-managed-script': {
    status: 409,
    message: 'The script comes from the manifest and cannot be deleted',
    when: 'Deletion of a script that the manifest declares.',
  },
  'x-medkit-script-running': {
    status: 409,
    message: 'The script is running',
    when: 'Deletion of a running script or execution.',
  },
  'x-medkit-script-not-running': {
    status: 409,
    message: 'The execution has ended',
    when: '`stop` or `forced_termination` of an execution that has ended.',
  },
  'x-medkit-script-too-large': {
    status: 413,
    message: 'The script is too large',
    when: 'The uploaded script exceeds `scripts.max_file_size_mb`.',
  },
  'x-medkit-concurrency-limit': {
    status: 429,
    message: 'The maximum number of scripts is running',
    when: 'Start of a script while `scripts.max_concurrent_executions` are running.',
  },
  'x-medkit-update-not-found': {
    status: 404,
    message: 'Update not found',
    when: 'No update is registered under this id.',
  },
  'x-medkit-update-already-exists': {
    status: 400,
    message: 'An update with this id already exists',
    when: 'Registration of an update whose id is already in use.',
  },
  'x-medkit-update-in-progress': {
    status: 409,
    message: 'The update is in progress',
    when: 'A task or deletion was requested while another task of the update is running, or while the update is being deleted. Also if two clients transfer its artifact.',
  },
  'x-medkit-update-not-prepared': {
    status: 400,
    message: 'The update is not prepared',
    when: '`execute` of an update whose phase is not `prepared`.',
  },
  'x-medkit-update-not-automated': {
    status: 400,
    message: 'The update cannot be prepared and executed in one request',
    when: '`automated` of an update that was registered without `automated: true`.',
  },
  'x-medkit-update-refused': {
    status: 400,
    message: 'The update was refused',
    when: 'In the status of an update that was not prepared or executed because its signature, a digest or another part of its artifact is invalid. Also for the transfer of such an artifact. `reason` says which.',
  },
  'x-medkit-update-rolled-back': {
    status: 409,
    message: 'The update was rolled back',
    when: 'In the status of an update that was executed and rolled back to the version before. `reason` says why; `fault_codes` lists the faults that caused it.',
  },
  'x-medkit-confirm-late': {
    status: 409,
    message: 'The update was rolled back before it was confirmed',
    when: 'Confirmation of an update that was rolled back, because its time had passed or its gate had failed. `reason` says why.',
  },
  'x-medkit-subscribe-failed': {
    status: 500,
    message: 'Subscription failed',
    when: 'The gateway could not subscribe to the topic.',
  },
  'x-medkit-pid-lookup-failed': {
    status: 404,
    message: 'No process of this app was found',
    when: 'No command line, DDS participant or beacon on this machine identifies the process of the app.',
  },
  'x-medkit-proc-read-failed': {
    status: 503,
    message: 'The process has exited',
    when: 'The process of the app has exited since it was found, or `/proc` denies access to it.',
  },
  'x-medkit-not-in-systemd-unit': {
    status: 404,
    message: 'The process is in no systemd unit',
    when: 'systemd did not start the process of the app.',
  },
  'x-medkit-systemd-query-failed': {
    status: 503,
    message: 'systemd does not answer',
    when: '`systemctl` is missing, cannot reach systemd, or took too long.',
  },
  'x-medkit-not-containerized': {
    status: 404,
    message: 'The process is in no container',
    when: 'The control group of the app does not belong to Docker, Podman or containerd (cgroup v2).',
  },
  'x-medkit-cgroup-read-failed': {
    status: 503,
    message: 'The control group of the process cannot be read',
    when: 'The process of the app has exited since it was found, or `/proc` denies access to its control group.',
  },
  'x-medkit-data-budget': {
    status: 429,
    message:
      'The data budget of the robot is used up: {used_bytes} of {limit_bytes} bytes today, more from {renews} on',
    when: 'A request through a fleet hub exceeds `hub.budget_mb_per_day` of the robot. `parameters` name the budget, what is used and left, and when the next day begins in the time zone of the robot; `Retry-After` has the seconds until then. A client with the permission `uplink.budget` on hub and robot can repeat the request with `X-Medkit-Over-Budget: 1`.',
  },
  'x-medkit-fleet-quota': {
    status: 409,
    message: 'The quota {quota} of the hub is used up: {used} of {limit}. {remedy}',
    when: 'A fleet hub has used up one of its quotas `fleet.quota`. `parameters` have the setting, its use and the remedy. Too many requests in a minute are `rate-limit-exceeded` with the same parameters.',
  },
  'x-medkit-not-queueable': {
    status: 409,
    message: 'This request cannot be queued: {reason}',
    when: 'A request for a robot cannot wait in the queue of a fleet hub: it only reads, it may move the robot, or its path is no route. `parameters` name the permission that it needs. Send it while the robot is connected.',
  },
  'x-medkit-bulk-waits': {
    status: 503,
    message: 'Bulk data that is not urgent waits: {reason}',
    when: 'A fleet hub requests bulk data of class 5, which the robot does not send now because of `hub.bulk_when`. `Retry-After` has the seconds until the robot checks it again.',
  },
  'x-medkit-log-gone': {
    status: 410,
    message: 'Records of the uplink log were removed: continue after {oldest}',
    when: 'A hub requests records of the uplink log that were removed after every hub had acknowledged them. `parameters` name the number after which records are stored.',
  },
  'x-medkit-cold-wait-cap-exceeded': {
    status: 503,
    message: 'Too many reads are waiting for a first sample',
    when: 'More than `data_provider.cold_wait_cap` reads are waiting for a first sample. Try again.',
  },
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** A code of another vendor, defined by a plugin. */
export type VendorCode = `x-${string}`;

/** True for codes that are wrapped in `vendor-error`. */
export function isVendorCode(code: string): boolean {
  return code.startsWith('x-');
}
