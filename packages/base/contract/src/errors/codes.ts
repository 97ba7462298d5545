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
    when: 'The request is not HTTP or JSON as it should be, names several hosts, or its body has the wrong shape. 405, 408, 414, 415 and 431 where those say it better.',
  },
  'invalid-parameter': {
    status: 400,
    message: 'Invalid parameter',
    when: 'An id, type or value is not allowed, or an entity was asked for under the wrong type.',
  },
  unauthorized: {
    status: 401,
    message: 'This gateway has to know who asks: send "Authorization: Bearer <token or key>", or log in',
    when: 'The request says nothing of who sends it where that has to be known, or what it says is wrong, over or taken back. Or a login with a wrong name or password.',
  },
  forbidden: {
    status: 403,
    message: 'Refused',
    when: 'The request comes from a web page of a foreign origin, or (421) names a host that this gateway does not go by; or it extends or releases the lock of another client.',
  },
  'insufficient-access-rights': {
    status: 403,
    message: 'Insufficient access rights',
    when: 'Who asks may not do what the route needs: the message names the permission. Or whoever runs the entity refuses the transition of its lifecycle to this gateway or client.',
  },
  'entity-not-found': {
    status: 404,
    message: 'Entity not found',
    when: 'No entity of any type has this id.',
  },
  'resource-not-found': {
    status: 404,
    message: 'Resource not found',
    when: 'No such route, or the entity has no such resource.',
  },
  'operation-not-found': {
    status: 404,
    message: 'Operation not found',
    when: 'The entity has no operation of this id.',
  },
  'lock-broken': {
    status: 409,
    message: 'Locked by another client',
    when: 'A change of what another client has locked: of the entity itself, of what it is part of, or of somebody else who has the topic. Or a lock that another lock is in the way of.',
  },
  'payload-too-large': {
    status: 413,
    message: 'The request body is larger than the {limit} bytes allowed',
    when: 'A request body is over the limit.',
  },
  'rate-limit-exceeded': {
    status: 429,
    message: 'Too many requests: try again in {retry_after} s',
    when: 'Whoever asks has used up what `rate_limiting` allows a minute, or all together have; or too many wrong credentials came from this address, or wrong logins before this one. `Retry-After` says for how long, and `parameters` what the limit is.',
  },
  'precondition-not-fulfilled': {
    status: 409,
    message: 'Not possible in the present state',
    when: 'The entity or the execution is in a state that does not allow it, or (of a lock) another client is still changing the entity.',
  },
  'not-implemented': {
    status: 501,
    message: 'Not implemented',
    when: 'A route that is part of SOVD but switched off or not served here, or not of an entity of another gateway. Or an operation whose type has no definition: the message names the file that is missing.',
  },
  'service-unavailable': {
    status: 503,
    message: 'Service unavailable',
    when: 'What should answer is not running, or has as much to do as it takes on: the message says which.',
  },
  'not-responding': {
    status: 504,
    message: 'No answer in time',
    when: 'The runtime that should answer did not do so before the deadline.',
  },
  'internal-error': {
    status: 500,
    message: 'Internal server error',
    when: 'A defect of the gateway; its log says more.',
  },
  'x-medkit-peer-unavailable': {
    status: 502,
    message: 'The other gateway does not answer',
    when: 'What was asked for is of another gateway, which cannot be reached or does not answer as a gateway does.',
  },
  'x-medkit-outcome-unknown': {
    status: 504,
    message: 'The outcome is unknown: the request was sent and may have taken effect, or may still do so',
    when: 'A change was sent to a node, a PLC or another gateway, no reply arrived, and a look at its state did not settle what became of it. `parameters` name what may be running: look at it before you send the request again.',
  },
  'x-medkit-ros2-topic-unavailable': {
    status: 404,
    message: 'The topic has no value at the moment',
    when: 'In the events of a subscription to data that nobody publishes, or has published since it was asked for.',
  },
  'x-medkit-ros2-service-unavailable': {
    status: 500,
    message: 'Service call failed',
    when: 'The request could not be sent: no server of the ROS service was ready in `service_call_timeout_sec`.',
  },
  'x-medkit-ros2-action-unavailable': {
    status: 500,
    message: 'Action execution failed',
    when: 'The goal of a ROS action could not be sent, or (503) its server cannot be asked to cancel it.',
  },
  'x-medkit-ros2-action-rejected': {
    status: 400,
    message: 'Goal rejected',
    when: 'A ROS action server refused the goal, or refused to cancel it: `return_code` says why.',
  },
  'x-medkit-ros2-parameter-read-only': {
    status: 403,
    message: 'The parameter is read-only',
    when: 'A write or reset of a parameter that its node declares read-only.',
  },
  'x-medkit-ros2-node-unavailable': {
    status: 503,
    message: 'The node does not answer',
    when: 'The parameter services of a node are absent, or did not answer a read in `parameter_service_timeout_sec`; for `parameter_service_negative_cache_sec` afterwards at once, unless the node shows itself again.',
  },
  'x-medkit-plugin-error': {
    status: 500,
    message: 'The plugin that serves this entity failed',
    when: 'A provider failed, could not reach what it provides for, or answered nonsense. Another status of 400 to 599 where the provider gives one.',
  },
  'x-medkit-gateway-shutdown': {
    status: 503,
    message: 'The gateway is shutting down',
    when: 'A request that came while the gateway stops.',
  },
  'x-medkit-storage-full': {
    status: 507,
    message: 'There is no room for this file',
    when: 'An upload for which the disk, or what `bulk_data.max_total_size` allows, has no room.',
  },
  'x-medkit-range-not-satisfiable': {
    status: 416,
    message: 'The file has {size} bytes; the range that was asked for begins behind its end',
    when: 'A download with a `Range` header that begins behind the end of the file.',
  },
  'x-medkit-beacon-not-found': {
    status: 404,
    message: 'Nothing was heard of this entity by a beacon',
    when: 'No node has said anything of the entity, or not for `beacon_expiry_sec`.',
  },
  'x-medkit-invalid-resource-uri': {
    status: 400,
    message: 'The resource is no address of something that can be observed',
    when: 'A trigger or subscription whose `resource` is not `/api/v1/{kind}/{id}/{collection}[/path]`.',
  },
  'x-medkit-entity-mismatch': {
    status: 400,
    message: 'The resource belongs to another entity than the one in the path',
    when: 'A trigger or subscription whose `resource` names another entity than its route.',
  },
  'x-medkit-unsupported-protocol': {
    status: 400,
    message: 'Nothing delivers over this protocol',
    when: 'A trigger or subscription with a `protocol` that neither the gateway nor a plugin serves.',
  },
  'x-medkit-collection-not-supported': {
    status: 400,
    message: 'Entities of this kind do not have this collection',
    when: 'A subscription to a collection that the kind of entity does not have.',
  },
  'x-medkit-collection-not-available': {
    status: 400,
    message: 'Nothing serves this collection',
    when: 'A subscription to a collection that is known, but that nobody serves at the moment.',
  },
  'x-medkit-transport-not-streamable': {
    status: 501,
    message: 'Its events are delivered by other means than an event stream',
    when: 'The event stream of a subscription whose protocol a plugin serves.',
  },
  'x-medkit-script-already-exists': {
    status: 409,
    message: 'The entity has a script of this id already',
    when: 'An upload whose file has the name of a script that the entity has already.',
  },
  'x-medkit-managed-script': {
    status: 409,
    message: 'The script comes from the manifest and cannot be deleted',
    when: 'A delete of a script that the manifest declares.',
  },
  'x-medkit-script-running': {
    status: 409,
    message: 'The script is running',
    when: 'A delete of a script, or of an execution, that is under way.',
  },
  'x-medkit-script-not-running': {
    status: 409,
    message: 'The execution is over',
    when: 'A `stop` or `forced_termination` of an execution that has ended.',
  },
  'x-medkit-script-too-large': {
    status: 413,
    message: 'The script is too large',
    when: 'An upload of more than `scripts.max_file_size_mb`.',
  },
  'x-medkit-concurrency-limit': {
    status: 429,
    message: 'As many scripts are running as may',
    when: 'A start while `scripts.max_concurrent_executions` are under way.',
  },
  'x-medkit-update-not-found': {
    status: 404,
    message: 'There is no such update',
    when: 'No update is registered under this id.',
  },
  'x-medkit-update-already-exists': {
    status: 400,
    message: 'There is an update of this id already',
    when: 'A registration under an id that is taken.',
  },
  'x-medkit-update-in-progress': {
    status: 409,
    message: 'The update is being worked on',
    when: 'A task, or a delete, of an update that has a task under way or is being deleted.',
  },
  'x-medkit-update-not-prepared': {
    status: 400,
    message: 'The update is not prepared',
    when: '`execute` of an update whose phase is not `prepared`.',
  },
  'x-medkit-update-not-automated': {
    status: 400,
    message: 'The update cannot be installed in one go',
    when: '`automated` of an update that was registered without `automated: true`.',
  },
  'x-medkit-update-refused': {
    status: 400,
    message: 'The update is refused',
    when: 'In the status of an update that was not prepared, or not executed: its signature, a digest or something else of its artifact is wrong. `reason` says what.',
  },
  'x-medkit-update-rolled-back': {
    status: 409,
    message: 'The update was rolled back',
    when: 'In the status of an update that was executed and undone: what was in use before is again. `reason` says why, `fault_codes` which faults did it.',
  },
  'x-medkit-subscribe-failed': {
    status: 500,
    message: 'Subscription failed',
    when: 'The topic could not be subscribed to.',
  },
  'x-medkit-pid-lookup-failed': {
    status: 404,
    message: 'No process of this app was found',
    when: 'Nothing tells which process an app is: no command line, participant or beacon on this machine.',
  },
  'x-medkit-proc-read-failed': {
    status: 503,
    message: 'The process is gone',
    when: 'The process of an app ended since it was found, or `/proc` does not let it be read.',
  },
  'x-medkit-not-in-systemd-unit': {
    status: 404,
    message: 'The process is in no systemd unit',
    when: 'systemd was asked about an app whose process it did not start.',
  },
  'x-medkit-systemd-query-failed': {
    status: 503,
    message: 'systemd does not answer',
    when: '`systemctl` is missing, cannot reach systemd, or took too long.',
  },
  'x-medkit-not-containerized': {
    status: 404,
    message: 'The process is in no container',
    when: 'The control group of an app is not one of Docker, Podman or containerd (cgroup v2).',
  },
  'x-medkit-cgroup-read-failed': {
    status: 503,
    message: 'The control group of the process cannot be read',
    when: 'The process of an app ended since it was found, or `/proc` does not let its control group be read.',
  },
  'x-medkit-cold-wait-cap-exceeded': {
    status: 503,
    message: 'Too many reads are waiting for a first sample',
    when: 'More than `data_provider.cold_wait_cap` reads wait for a first sample; try again.',
  },
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** A code of another vendor, defined by a plugin. */
export type VendorCode = `x-${string}`;

/** True for codes that are wrapped in `vendor-error`. */
export function isVendorCode(code: string): boolean {
  return code.startsWith('x-');
}
