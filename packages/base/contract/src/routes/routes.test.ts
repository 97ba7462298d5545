import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { type Need, PERMISSIONS, type Permission } from '../schemas/permissions.ts';
import { ALL_ROUTES } from './routes.ts';

// The names that generated clients depend on: method, path, operationId, tag, response schema.
const EXPECTED = `
get /x-medkit-incidents/{incident_id}/export exportIncident Incidents
get /x-medkit-incidents listIncidents Incidents IncidentList
get /x-medkit-incidents/{incident_id} getIncident Incidents IncidentDetail
get /x-medkit-incidents/{incident_id}/timeline getIncidentTimeline Incidents IncidentTimeline
post /x-medkit-incidents/{incident_id}/merge mergeIncidents Incidents IncidentDetail IncidentMerge
post /x-medkit-incidents/{incident_id}/split splitIncident Incidents IncidentDetail IncidentSplit
put /x-medkit-incidents/{incident_id} changeIncident Incidents IncidentDetail IncidentChange
get / getRoot Server RootOverview
get /version-info getVersionInfo Server VersionInfo
get /health getHealth Server HealthStatus
get /areas listAreas Discovery AreaList
get /components listComponents Discovery ComponentList
get /apps listApps Discovery AppList
get /functions listFunctions Discovery FunctionList
get /areas/{area_id} getArea Discovery AreaDetail
get /components/{component_id} getComponent Discovery ComponentDetail
get /apps/{app_id} getApp Discovery AppDetail
get /functions/{function_id} getFunction Discovery FunctionDetail
get /areas/{area_id}/components listAreaComponents Discovery ComponentList
get /areas/{area_id}/subareas listSubareas Discovery AreaList
get /areas/{area_id}/contains listAreaContains Discovery ComponentList
get /components/{component_id}/subcomponents listSubcomponents Discovery ComponentList
get /components/{component_id}/hosts listComponentHosts Discovery AppList
get /components/{component_id}/depends-on listComponentDependencies Discovery ComponentList
get /apps/{app_id}/is-located-on getAppHost Discovery ComponentList
get /apps/{app_id}/belongs-to getAppArea Discovery AreaList
get /apps/{app_id}/depends-on listAppDependencies Discovery AppList
get /functions/{function_id}/hosts listFunctionHosts Discovery AppList
get /x-medkit-tree/faults getTreeFaults Discovery TreeFaults
get /x-medkit-search search Discovery SearchResult
get /areas/{area_id}/data listAreaData Data DataListResult
get /components/{component_id}/data listComponentData Data DataListResult
get /apps/{app_id}/data listAppData Data DataListResult
get /functions/{function_id}/data listFunctionData Data DataListResult
get /areas/{area_id}/data/{data_id} getAreaDataItem Data DataValue
get /areas/{area_id}/data/{data_id}/x-medkit-history getAreaDataHistory Data DataHistory
get /areas/{area_id}/data/{data_id}/x-medkit-picture getAreaDataPicture Data
get /components/{component_id}/data/{data_id} getComponentDataItem Data DataValue
get /components/{component_id}/data/{data_id}/x-medkit-history getComponentDataHistory Data DataHistory
get /components/{component_id}/data/{data_id}/x-medkit-picture getComponentDataPicture Data
get /apps/{app_id}/data/{data_id} getAppDataItem Data DataValue
get /apps/{app_id}/data/{data_id}/x-medkit-history getAppDataHistory Data DataHistory
get /apps/{app_id}/data/{data_id}/x-medkit-picture getAppDataPicture Data
get /functions/{function_id}/data/{data_id} getFunctionDataItem Data DataValue
get /functions/{function_id}/data/{data_id}/x-medkit-history getFunctionDataHistory Data DataHistory
get /functions/{function_id}/data/{data_id}/x-medkit-picture getFunctionDataPicture Data
get /x-medkit-live streamLive Data
put /areas/{area_id}/data/{data_id} putAreaDataItem Data DataValue DataWriteRequest
put /components/{component_id}/data/{data_id} putComponentDataItem Data DataValue DataWriteRequest
put /apps/{app_id}/data/{data_id} putAppDataItem Data DataValue DataWriteRequest
put /functions/{function_id}/data/{data_id} putFunctionDataItem Data DataValue DataWriteRequest
get /faults listAllFaults Faults FaultListResult
delete /faults clearAllFaults Faults
get /faults/{fault_code} getRobotFault Faults FaultDetailResult
delete /faults/{fault_code} clearRobotFault Faults
get /faults/stream streamFaults Faults
get /areas/{area_id}/faults listAreaFaults Faults FaultListResult
delete /areas/{area_id}/faults clearAllAreaFaults Faults
get /areas/{area_id}/faults/{fault_code} getAreaFault Faults FaultDetailResult
delete /areas/{area_id}/faults/{fault_code} clearAreaFault Faults
get /components/{component_id}/faults listComponentFaults Faults FaultListResult
delete /components/{component_id}/faults clearAllComponentFaults Faults
get /components/{component_id}/faults/{fault_code} getComponentFault Faults FaultDetailResult
delete /components/{component_id}/faults/{fault_code} clearComponentFault Faults
get /apps/{app_id}/faults listAppFaults Faults FaultListResult
delete /apps/{app_id}/faults clearAllAppFaults Faults
get /apps/{app_id}/faults/{fault_code} getAppFault Faults FaultDetailResult
delete /apps/{app_id}/faults/{fault_code} clearAppFault Faults
get /functions/{function_id}/faults listFunctionFaults Faults FaultListResult
delete /functions/{function_id}/faults clearAllFunctionFaults Faults
get /functions/{function_id}/faults/{fault_code} getFunctionFault Faults FaultDetailResult
delete /functions/{function_id}/faults/{fault_code} clearFunctionFault Faults
get /areas/{area_id}/logs listAreaLogs Logs LogEntryList
get /areas/{area_id}/logs/configuration getAreaLogConfiguration Logs LogConfiguration
put /areas/{area_id}/logs/configuration setAreaLogConfiguration Logs LogConfiguration
get /components/{component_id}/logs listComponentLogs Logs LogEntryList
get /components/{component_id}/logs/configuration getComponentLogConfiguration Logs LogConfiguration
put /components/{component_id}/logs/configuration setComponentLogConfiguration Logs LogConfiguration
get /apps/{app_id}/logs listAppLogs Logs LogEntryList
get /apps/{app_id}/logs/configuration getAppLogConfiguration Logs LogConfiguration
put /apps/{app_id}/logs/configuration setAppLogConfiguration Logs LogConfiguration
get /functions/{function_id}/logs listFunctionLogs Logs LogEntryList
get /functions/{function_id}/logs/configuration getFunctionLogConfiguration Logs LogConfiguration
put /functions/{function_id}/logs/configuration setFunctionLogConfiguration Logs LogConfiguration
get /rosout listRosout Logs LogEntryList
get /logs listRobotLogs Logs LogEntryList
get /x-medkit-audit listAuditRecords Audit AuditRecordList
get /x-medkit-audit/events streamAuditRecords Audit
get /x-medkit-audit/verify verifyAuditLog Audit AuditVerification
get /x-medkit-audit/denied listDeniedAccess Audit DeniedAccess
get /x-medkit-locks listAllLocks Locking LockList
get /x-medkit-peers listPeers Server PeerList
put /x-medkit-peers/{peer_name}/approval approvePeer Server PeerApproval
delete /x-medkit-audit/witnesses/{gateway} acceptAuditLog Audit
delete /x-medkit-peers/{peer_name}/approval forgetPeer Server
get /x-medkit-settings listSettings Server GatewaySettings
get /x-medkit-tree getTree Discovery TreeSnapshot
get /x-medkit-tree/events streamTree Discovery
get /x-medkit-fault-triggers listAllFaultTriggers FaultTriggers
get /x-medkit-triggers listAllTriggers Triggers TriggerList
get /x-medkit-at getPastState Discovery PastState
post /x-medkit-replay tryRules Faults TriedOutcome TriedRules
get /x-medkit-uplink getUplink Uplink UplinkStatus
get /x-medkit-uplink/state getUplinkState Uplink UplinkState
get /x-medkit-uplink/log readUplinkLog Uplink
put /x-medkit-uplink/cursor setUplinkCursor Uplink UplinkCursor
get /x-medkit-fleet getFleet Fleet FleetOverview
get /x-medkit-fleet/hub getFleetHub Fleet FleetHub
get /x-medkit-fleet/uplink openFleetUplink Fleet FleetHub
get /x-medkit-fleet/faults listFleetFaults Fleet FleetFaultList
get /x-medkit-fleet/occurrences listFleetOccurrences Fleet FleetOccurrenceList
get /x-medkit-fleet/issues listFleetIssues Fleet FleetIssueList
get /x-medkit-fleet/issues/{issue} getFleetIssue Fleet FleetIssueDetail
put /x-medkit-fleet/issues/{issue} changeFleetIssue Fleet FleetIssueDetail FleetIssueChange
get /x-medkit-fleet/figures getFleetFigures Fleet FleetFigures
post /x-medkit-fleet/recount recountFleet Fleet FleetRecount
get /x-medkit-fleet/robots listFleetRobots Fleet FleetRobotList
get /x-medkit-fleet/robots/{robot} getFleetRobot Fleet FleetRobot
put /x-medkit-fleet/robots/{robot} changeFleetRobot Fleet FleetRobot FleetRobotChange
delete /x-medkit-fleet/robots/{robot} retireFleetRobot Fleet
post /x-medkit-fleet/robots/{robot}/approve approveFleetRobot Fleet FleetRobot
post /x-medkit-fleet/robots/{robot}/revoke revokeFleetRobot Fleet FleetRobot
post /x-medkit-fleet/robots/{robot}/rotate rotateFleetRobot Fleet FleetRobot
post /x-medkit-fleet/robots/{robot}/replace replaceFleetRobot Fleet
post /x-medkit-fleet/robots/{robot}/settle settleFleetRobot Fleet FleetSettled FleetSettlement
post /x-medkit-fleet/robots/{robot}/park parkFleetRobot Fleet FleetRobot FleetParkRequest
delete /x-medkit-fleet/robots/{robot}/park unparkFleetRobot Fleet
get /x-medkit-fleet/robots/{robot}/presence listFleetPresence Fleet FleetPresenceList
get /x-medkit-fleet/robots/{robot}/queue listFleetQueue Fleet FleetQueue
get /x-medkit-fleet/queue listFleetQueuedRequests Fleet FleetQueue
post /x-medkit-fleet/robots/{robot}/queue queueFleetRequest Fleet NewFleetQueuedRequest
get /x-medkit-fleet/robots/{robot}/queue/{queued} getFleetQueuedRequest Fleet FleetQueuedRequest
delete /x-medkit-fleet/robots/{robot}/queue/{queued} cancelFleetQueuedRequest Fleet
get /x-medkit-fleet/sites listFleetSites Fleet FleetSiteList
put /x-medkit-fleet/sites/{site} setFleetSite Fleet FleetSite FleetSiteSchedule
delete /x-medkit-fleet/sites/{site} deleteFleetSite Fleet
get /x-medkit-fleet/artifacts listFleetArtifacts Fleet FleetArtifactList
put /x-medkit-fleet/artifacts/{artifact} uploadFleetArtifact Fleet UpdateArtifact
delete /x-medkit-fleet/artifacts/{artifact} deleteFleetArtifact Fleet
get /x-medkit-fleet/campaigns listFleetCampaigns Fleet FleetCampaignList
post /x-medkit-fleet/campaigns createFleetCampaign Fleet FleetCampaignDetail NewFleetCampaign
get /x-medkit-fleet/campaigns/{campaign} getFleetCampaign Fleet FleetCampaignDetail
get /x-medkit-fleet/campaigns/{campaign}/robots listFleetCampaignRobots Fleet FleetCampaignRobotList
post /x-medkit-fleet/campaigns/{campaign}/approve approveFleetCampaign Fleet FleetCampaignDetail FleetCampaignApproval
post /x-medkit-fleet/campaigns/{campaign}/stop stopFleetCampaign Fleet FleetCampaignDetail FleetCampaignStop
post /x-medkit-fleet/campaigns/{campaign}/cancel cancelFleetCampaign Fleet FleetCampaignDetail
get /x-medkit-fleet/evidence listFleetEvidence Fleet FleetEvidenceList
get /x-medkit-fleet/evidence/{evidence}/file downloadFleetEvidence Fleet
get /x-medkit-fleet/export exportFleet Fleet
post /x-medkit-fleet/evidence/{evidence}/fetch fetchFleetEvidence Fleet
put /x-medkit-fleet/evidence/{evidence}/pin pinFleetEvidence Fleet FleetEvidence FleetEvidencePin
post /x-medkit-fleet/evidence/erase eraseFleetEvidence Fleet FleetEvidenceErased FleetEvidenceErasure
get /x-medkit-fleet/evidence-rules readFleetEvidenceRules Fleet FleetEvidenceRules
put /x-medkit-fleet/evidence-rules setFleetEvidenceRules Fleet FleetEvidenceRules FleetEvidenceRuleList
get /x-medkit-fleet/groups listFleetGroups Fleet FleetGroupList
post /x-medkit-fleet/groups createFleetGroup Fleet NewFleetGroup
put /x-medkit-fleet/groups/{group} changeFleetGroup Fleet FleetGroup FleetGroupSelector
delete /x-medkit-fleet/groups/{group} deleteFleetGroup Fleet
get /x-medkit-fleet/invites listFleetInvitations Fleet FleetInvitationList
post /x-medkit-fleet/invites createFleetInvitation Fleet FleetInvitationRequest
delete /x-medkit-fleet/invites/{invite} withdrawFleetInvitation Fleet
get /x-medkit-vital-signs listVitalSigns Discovery VitalSignList
get /x-medkit-webhooks/targets listWebhookTargets Webhooks WebhookTargetList
get /x-medkit-webhooks/deliveries listWebhookDeliveries Webhooks WebhookDeliveryList
get /x-medkit-webhooks/deliveries/{delivery_id} getWebhookDelivery Webhooks WebhookDeliveryDetail
delete /x-medkit-webhooks/deliveries/{delivery_id} deleteWebhookDelivery Webhooks
post /x-medkit-webhooks/deliveries/{delivery_id}/redeliver redeliverWebhook Webhooks
post /x-medkit-webhooks/redeliver redeliverWebhooks Webhooks
post /x-medkit-webhooks/test testWebhook Webhooks WebhookTestResult WebhookTarget
get /x-medkit-notify/receivers listNotifyReceivers Notify NotifyReceiverList
post /x-medkit-notify/test testNotifyReceivers Notify NotifyTestResults NotifyTest
get /x-medkit-notify/acknowledge/{token} showAcknowledgement Notify
post /x-medkit-notify/acknowledge/{token} acknowledgeByLink Notify
get /areas/{area_id}/locks listAreaLocks Locking LockList
post /areas/{area_id}/locks acquireAreaLock Locking AcquireLockRequest
get /areas/{area_id}/locks/{lock_id} getAreaLock Locking Lock
put /areas/{area_id}/locks/{lock_id} extendAreaLock Locking ExtendLockRequest
delete /areas/{area_id}/locks/{lock_id} releaseAreaLock Locking
get /components/{component_id}/locks listComponentLocks Locking LockList
post /components/{component_id}/locks acquireComponentLock Locking AcquireLockRequest
get /components/{component_id}/locks/{lock_id} getComponentLock Locking Lock
put /components/{component_id}/locks/{lock_id} extendComponentLock Locking ExtendLockRequest
delete /components/{component_id}/locks/{lock_id} releaseComponentLock Locking
get /apps/{app_id}/locks listAppLocks Locking LockList
post /apps/{app_id}/locks acquireAppLock Locking AcquireLockRequest
get /apps/{app_id}/locks/{lock_id} getAppLock Locking Lock
put /apps/{app_id}/locks/{lock_id} extendAppLock Locking ExtendLockRequest
delete /apps/{app_id}/locks/{lock_id} releaseAppLock Locking
get /functions/{function_id}/locks listFunctionLocks Locking LockList
post /functions/{function_id}/locks acquireFunctionLock Locking AcquireLockRequest
get /functions/{function_id}/locks/{lock_id} getFunctionLock Locking Lock
put /functions/{function_id}/locks/{lock_id} extendFunctionLock Locking ExtendLockRequest
delete /functions/{function_id}/locks/{lock_id} releaseFunctionLock Locking
get /areas/{area_id}/triggers listAreaTriggers Triggers TriggerList
post /areas/{area_id}/triggers createAreaTrigger Triggers TriggerCreateRequest
get /areas/{area_id}/triggers/{trigger_id} getAreaTrigger Triggers Trigger
put /areas/{area_id}/triggers/{trigger_id} updateAreaTrigger Triggers Trigger TriggerUpdateRequest
delete /areas/{area_id}/triggers/{trigger_id} deleteAreaTrigger Triggers
get /areas/{area_id}/triggers/{trigger_id}/events streamAreaTriggerEvents Triggers
get /areas/{area_id}/faults/{fault_code}/x-medkit-history getAreaFaultHistory Faults FaultHistory
post /areas/{area_id}/triggers/{trigger_id}/x-medkit-test testAreaTrigger Triggers WebhookTestResult
get /components/{component_id}/triggers listComponentTriggers Triggers TriggerList
post /components/{component_id}/triggers createComponentTrigger Triggers TriggerCreateRequest
get /components/{component_id}/triggers/{trigger_id} getComponentTrigger Triggers Trigger
put /components/{component_id}/triggers/{trigger_id} updateComponentTrigger Triggers Trigger TriggerUpdateRequest
delete /components/{component_id}/triggers/{trigger_id} deleteComponentTrigger Triggers
get /components/{component_id}/triggers/{trigger_id}/events streamComponentTriggerEvents Triggers
get /components/{component_id}/faults/{fault_code}/x-medkit-history getComponentFaultHistory Faults FaultHistory
post /components/{component_id}/triggers/{trigger_id}/x-medkit-test testComponentTrigger Triggers WebhookTestResult
get /apps/{app_id}/triggers listAppTriggers Triggers TriggerList
post /apps/{app_id}/triggers createAppTrigger Triggers TriggerCreateRequest
get /apps/{app_id}/triggers/{trigger_id} getAppTrigger Triggers Trigger
put /apps/{app_id}/triggers/{trigger_id} updateAppTrigger Triggers Trigger TriggerUpdateRequest
delete /apps/{app_id}/triggers/{trigger_id} deleteAppTrigger Triggers
get /apps/{app_id}/triggers/{trigger_id}/events streamAppTriggerEvents Triggers
get /apps/{app_id}/faults/{fault_code}/x-medkit-history getAppFaultHistory Faults FaultHistory
post /apps/{app_id}/triggers/{trigger_id}/x-medkit-test testAppTrigger Triggers WebhookTestResult
get /functions/{function_id}/triggers listFunctionTriggers Triggers TriggerList
post /functions/{function_id}/triggers createFunctionTrigger Triggers TriggerCreateRequest
get /functions/{function_id}/triggers/{trigger_id} getFunctionTrigger Triggers Trigger
put /functions/{function_id}/triggers/{trigger_id} updateFunctionTrigger Triggers Trigger TriggerUpdateRequest
delete /functions/{function_id}/triggers/{trigger_id} deleteFunctionTrigger Triggers
get /functions/{function_id}/triggers/{trigger_id}/events streamFunctionTriggerEvents Triggers
get /functions/{function_id}/faults/{fault_code}/x-medkit-history getFunctionFaultHistory Faults FaultHistory
post /functions/{function_id}/triggers/{trigger_id}/x-medkit-test testFunctionTrigger Triggers WebhookTestResult
post /auth/authorize authorize Authentication AuthTokenResponse AuthCredentials
post /authorize authorizeSovd Authentication AuthTokenResponse AuthCredentials
post /auth/token getToken Authentication AuthTokenResponse AuthCredentials
post /token getTokenSovd Authentication AuthTokenResponse AuthCredentials
post /auth/revoke revokeToken Authentication AuthRevokeResponse AuthRevokeRequest
get /x-medkit-me getMe Authentication PrincipalInfo
post /auth/login logIn Authentication PrincipalInfo LoginRequest
post /auth/logout logOut Authentication
put /auth/password changePassword Authentication PasswordChange
get /auth/users listUsers Authentication UserList
post /auth/users createUser Authentication UserCreateRequest
get /auth/users/{user_name} getUser Authentication User
put /auth/users/{user_name} changeUser Authentication User UserChange
delete /auth/users/{user_name} deleteUser Authentication
get /auth/keys listApiKeys Authentication ApiKeyList
post /auth/keys createApiKey Authentication ApiKeyCreateRequest
delete /auth/keys/{key_id} deleteApiKey Authentication
get /auth/sessions listSessions Authentication LoginSessionList
delete /auth/sessions endSessions Authentication
delete /auth/sessions/{session_id} endSession Authentication
post /auth/stream-ticket createStreamTicket Authentication StreamTicketRequest
get /auth/setup getSetup Authentication SetupState
post /auth/setup setUp Authentication PrincipalInfo SetupRequest
get /auth/oidc/login startSingleSignOn Authentication
get /auth/oidc/callback finishSingleSignOn Authentication
get /auth/oidc/logout endSingleSignOn Authentication
get /updates listUpdates Updates UpdateList
post /updates registerUpdate Updates UpdateRegisterRequest
get /updates/{update_id} getUpdate Updates UpdateDetail
delete /updates/{update_id} deleteUpdate Updates
put /updates/{update_id}/prepare prepareUpdate Updates
put /updates/{update_id}/execute executeUpdate Updates UpdateExecuteRequest
put /updates/{update_id}/automated automateUpdate Updates UpdateExecuteRequest
put /updates/{update_id}/x-medkit-confirm confirmUpdate Updates
put /updates/{update_id}/x-medkit-artifact uploadUpdateArtifact Updates UpdateArtifact
put /updates/{update_id}/x-medkit-rollback rollBackUpdate Updates
get /updates/{update_id}/status getUpdateStatus Updates UpdateStatus
get /components/{component_id}/cyclic-subscriptions listComponentSubscriptions Subscriptions CyclicSubscriptionList
post /components/{component_id}/cyclic-subscriptions createComponentSubscription Subscriptions CyclicSubscriptionCreateRequest
get /components/{component_id}/cyclic-subscriptions/{subscription_id} getComponentSubscription Subscriptions CyclicSubscription
put /components/{component_id}/cyclic-subscriptions/{subscription_id} updateComponentSubscription Subscriptions CyclicSubscription CyclicSubscriptionUpdateRequest
delete /components/{component_id}/cyclic-subscriptions/{subscription_id} deleteComponentSubscription Subscriptions
get /components/{component_id}/cyclic-subscriptions/{subscription_id}/events streamComponentSubscriptionEvents Subscriptions
get /apps/{app_id}/cyclic-subscriptions listAppSubscriptions Subscriptions CyclicSubscriptionList
post /apps/{app_id}/cyclic-subscriptions createAppSubscription Subscriptions CyclicSubscriptionCreateRequest
get /apps/{app_id}/cyclic-subscriptions/{subscription_id} getAppSubscription Subscriptions CyclicSubscription
put /apps/{app_id}/cyclic-subscriptions/{subscription_id} updateAppSubscription Subscriptions CyclicSubscription CyclicSubscriptionUpdateRequest
delete /apps/{app_id}/cyclic-subscriptions/{subscription_id} deleteAppSubscription Subscriptions
get /apps/{app_id}/cyclic-subscriptions/{subscription_id}/events streamAppSubscriptionEvents Subscriptions
get /functions/{function_id}/cyclic-subscriptions listFunctionSubscriptions Subscriptions CyclicSubscriptionList
post /functions/{function_id}/cyclic-subscriptions createFunctionSubscription Subscriptions CyclicSubscriptionCreateRequest
get /functions/{function_id}/cyclic-subscriptions/{subscription_id} getFunctionSubscription Subscriptions CyclicSubscription
put /functions/{function_id}/cyclic-subscriptions/{subscription_id} updateFunctionSubscription Subscriptions CyclicSubscription CyclicSubscriptionUpdateRequest
delete /functions/{function_id}/cyclic-subscriptions/{subscription_id} deleteFunctionSubscription Subscriptions
get /functions/{function_id}/cyclic-subscriptions/{subscription_id}/events streamFunctionSubscriptionEvents Subscriptions
get /apps/{app_id}/fault-triggers listFaultTriggers FaultTriggers
post /apps/{app_id}/fault-triggers createFaultTrigger FaultTriggers
delete /apps/{app_id}/fault-triggers/{trigger_id} deleteFaultTrigger FaultTriggers
get /areas/{area_id}/data-categories listAreaDataCategories Data DataValue
get /components/{component_id}/data-categories listComponentDataCategories Data DataValue
get /apps/{app_id}/data-categories listAppDataCategories Data DataValue
get /functions/{function_id}/data-categories listFunctionDataCategories Data DataValue
get /areas/{area_id}/bulk-data listAreaBulkDataCategories Bulk Data BulkDataCategoryList
get /components/{component_id}/bulk-data listComponentBulkDataCategories Bulk Data BulkDataCategoryList
get /apps/{app_id}/bulk-data listAppBulkDataCategories Bulk Data BulkDataCategoryList
get /functions/{function_id}/bulk-data listFunctionBulkDataCategories Bulk Data BulkDataCategoryList
get /areas/{area_id}/subareas/{subarea_id}/bulk-data listSubareaBulkDataCategories Bulk Data BulkDataCategoryList
get /components/{component_id}/subcomponents/{subcomponent_id}/bulk-data listSubcomponentBulkDataCategories Bulk Data BulkDataCategoryList
get /areas/{area_id}/bulk-data/{category_id} listAreaBulkDataDescriptors Bulk Data BulkDataDescriptorList
get /components/{component_id}/bulk-data/{category_id} listComponentBulkDataDescriptors Bulk Data BulkDataDescriptorList
get /apps/{app_id}/bulk-data/{category_id} listAppBulkDataDescriptors Bulk Data BulkDataDescriptorList
get /functions/{function_id}/bulk-data/{category_id} listFunctionBulkDataDescriptors Bulk Data BulkDataDescriptorList
get /areas/{area_id}/subareas/{subarea_id}/bulk-data/{category_id} listSubareaBulkDataDescriptors Bulk Data BulkDataDescriptorList
get /components/{component_id}/subcomponents/{subcomponent_id}/bulk-data/{category_id} listSubcomponentBulkDataDescriptors Bulk Data BulkDataDescriptorList
get /areas/{area_id}/bulk-data/{category_id}/{file_id} downloadAreaBulkData Bulk Data
get /components/{component_id}/bulk-data/{category_id}/{file_id} downloadComponentBulkData Bulk Data
get /apps/{app_id}/bulk-data/{category_id}/{file_id} downloadAppBulkData Bulk Data
get /functions/{function_id}/bulk-data/{category_id}/{file_id} downloadFunctionBulkData Bulk Data
get /areas/{area_id}/subareas/{subarea_id}/bulk-data/{category_id}/{file_id} downloadSubareaBulkData Bulk Data
get /components/{component_id}/subcomponents/{subcomponent_id}/bulk-data/{category_id}/{file_id} downloadSubcomponentBulkData Bulk Data
post /components/{component_id}/bulk-data/{category_id} uploadComponentBulkData Bulk Data
post /apps/{app_id}/bulk-data/{category_id} uploadAppBulkData Bulk Data
delete /components/{component_id}/bulk-data/{category_id}/{file_id} deleteComponentBulkData Bulk Data
delete /apps/{app_id}/bulk-data/{category_id}/{file_id} deleteAppBulkData Bulk Data
get /areas/{area_id}/data-groups listAreaDataGroups Data DataValue
get /components/{component_id}/data-groups listComponentDataGroups Data DataValue
get /apps/{app_id}/data-groups listAppDataGroups Data DataValue
get /functions/{function_id}/data-groups listFunctionDataGroups Data DataValue
get /areas/{area_id}/operations listAreaOperations Operations OperationList
get /areas/{area_id}/operations/{operation_id} getAreaOperation Operations OperationDetail
get /areas/{area_id}/operations/{operation_id}/executions listAreaExecutions Operations OperationExecutionList
post /areas/{area_id}/operations/{operation_id}/executions executeAreaOperation Operations OperationExecutionResult ExecutionCreateRequest
get /areas/{area_id}/operations/{operation_id}/executions/{execution_id} getAreaExecution Operations OperationExecution
put /areas/{area_id}/operations/{operation_id}/executions/{execution_id} updateAreaExecution Operations OperationExecution ExecutionUpdateRequest
delete /areas/{area_id}/operations/{operation_id}/executions/{execution_id} cancelAreaExecution Operations
get /components/{component_id}/operations listComponentOperations Operations OperationList
get /components/{component_id}/operations/{operation_id} getComponentOperation Operations OperationDetail
get /components/{component_id}/operations/{operation_id}/executions listComponentExecutions Operations OperationExecutionList
post /components/{component_id}/operations/{operation_id}/executions executeComponentOperation Operations OperationExecutionResult ExecutionCreateRequest
get /components/{component_id}/operations/{operation_id}/executions/{execution_id} getComponentExecution Operations OperationExecution
put /components/{component_id}/operations/{operation_id}/executions/{execution_id} updateComponentExecution Operations OperationExecution ExecutionUpdateRequest
delete /components/{component_id}/operations/{operation_id}/executions/{execution_id} cancelComponentExecution Operations
get /apps/{app_id}/operations listAppOperations Operations OperationList
get /apps/{app_id}/operations/{operation_id} getAppOperation Operations OperationDetail
get /apps/{app_id}/operations/{operation_id}/executions listAppExecutions Operations OperationExecutionList
post /apps/{app_id}/operations/{operation_id}/executions executeAppOperation Operations OperationExecutionResult ExecutionCreateRequest
get /apps/{app_id}/operations/{operation_id}/executions/{execution_id} getAppExecution Operations OperationExecution
put /apps/{app_id}/operations/{operation_id}/executions/{execution_id} updateAppExecution Operations OperationExecution ExecutionUpdateRequest
delete /apps/{app_id}/operations/{operation_id}/executions/{execution_id} cancelAppExecution Operations
get /functions/{function_id}/operations listFunctionOperations Operations OperationList
get /functions/{function_id}/operations/{operation_id} getFunctionOperation Operations OperationDetail
get /functions/{function_id}/operations/{operation_id}/executions listFunctionExecutions Operations OperationExecutionList
post /functions/{function_id}/operations/{operation_id}/executions executeFunctionOperation Operations OperationExecutionResult ExecutionCreateRequest
get /functions/{function_id}/operations/{operation_id}/executions/{execution_id} getFunctionExecution Operations OperationExecution
put /functions/{function_id}/operations/{operation_id}/executions/{execution_id} updateFunctionExecution Operations OperationExecution ExecutionUpdateRequest
delete /functions/{function_id}/operations/{operation_id}/executions/{execution_id} cancelFunctionExecution Operations
get /apps/{app_id}/status getAppStatus Lifecycle LifecycleStatusResponse
put /apps/{app_id}/status/start putAppStatusStart Lifecycle
put /apps/{app_id}/status/restart putAppStatusRestart Lifecycle
put /apps/{app_id}/status/force-restart putAppStatusForceRestart Lifecycle
put /apps/{app_id}/status/shutdown putAppStatusShutdown Lifecycle
put /apps/{app_id}/status/force-shutdown putAppStatusForceShutdown Lifecycle
get /components/{component_id}/status getComponentStatus Lifecycle LifecycleStatusResponse
put /components/{component_id}/status/start putComponentStatusStart Lifecycle
put /components/{component_id}/status/restart putComponentStatusRestart Lifecycle
put /components/{component_id}/status/force-restart putComponentStatusForceRestart Lifecycle
put /components/{component_id}/status/shutdown putComponentStatusShutdown Lifecycle
put /components/{component_id}/status/force-shutdown putComponentStatusForceShutdown Lifecycle
get /areas/{area_id}/configurations listAreaConfigurations Configuration ConfigurationList
get /components/{component_id}/configurations listComponentConfigurations Configuration ConfigurationList
get /apps/{app_id}/configurations listAppConfigurations Configuration ConfigurationList
get /functions/{function_id}/configurations listFunctionConfigurations Configuration ConfigurationList
delete /areas/{area_id}/configurations deleteAllAreaConfigurations Configuration
delete /components/{component_id}/configurations deleteAllComponentConfigurations Configuration
delete /apps/{app_id}/configurations deleteAllAppConfigurations Configuration
delete /functions/{function_id}/configurations deleteAllFunctionConfigurations Configuration
get /areas/{area_id}/configurations/{config_id} getAreaConfiguration Configuration ConfigurationReadValue
get /components/{component_id}/configurations/{config_id} getComponentConfiguration Configuration ConfigurationReadValue
get /apps/{app_id}/configurations/{config_id} getAppConfiguration Configuration ConfigurationReadValue
get /functions/{function_id}/configurations/{config_id} getFunctionConfiguration Configuration ConfigurationReadValue
put /areas/{area_id}/configurations/{config_id} setAreaConfiguration Configuration ConfigurationReadValue ConfigurationWriteRequest
put /components/{component_id}/configurations/{config_id} setComponentConfiguration Configuration ConfigurationReadValue ConfigurationWriteRequest
put /apps/{app_id}/configurations/{config_id} setAppConfiguration Configuration ConfigurationReadValue ConfigurationWriteRequest
put /functions/{function_id}/configurations/{config_id} setFunctionConfiguration Configuration ConfigurationReadValue ConfigurationWriteRequest
delete /areas/{area_id}/configurations/{config_id} deleteAreaConfiguration Configuration
delete /components/{component_id}/configurations/{config_id} deleteComponentConfiguration Configuration
delete /apps/{app_id}/configurations/{config_id} deleteAppConfiguration Configuration
delete /functions/{function_id}/configurations/{config_id} deleteFunctionConfiguration Configuration
get /x-medkit-scripts listAllScripts Scripts EntityScriptList
get /x-medkit-executions listAllExecutions Operations ExecutionSummaryList
get /apps/{app_id}/scripts listAppScripts Scripts ScriptList
post /apps/{app_id}/scripts uploadAppScript Scripts
get /apps/{app_id}/scripts/{script_id} getAppScript Scripts ScriptMetadata
delete /apps/{app_id}/scripts/{script_id} deleteAppScript Scripts
get /apps/{app_id}/scripts/{script_id}/executions listAppScriptExecutions Scripts ScriptExecutionList
post /apps/{app_id}/scripts/{script_id}/executions startAppScriptExecution Scripts
get /apps/{app_id}/scripts/{script_id}/executions/{execution_id} getAppScriptExecution Scripts ScriptExecution
put /apps/{app_id}/scripts/{script_id}/executions/{execution_id} controlAppScriptExecution Scripts ScriptExecution ScriptControlRequest
delete /apps/{app_id}/scripts/{script_id}/executions/{execution_id} removeAppScriptExecution Scripts
get /components/{component_id}/scripts listComponentScripts Scripts ScriptList
post /components/{component_id}/scripts uploadComponentScript Scripts
get /components/{component_id}/scripts/{script_id} getComponentScript Scripts ScriptMetadata
delete /components/{component_id}/scripts/{script_id} deleteComponentScript Scripts
get /components/{component_id}/scripts/{script_id}/executions listComponentScriptExecutions Scripts ScriptExecutionList
post /components/{component_id}/scripts/{script_id}/executions startComponentScriptExecution Scripts
get /components/{component_id}/scripts/{script_id}/executions/{execution_id} getComponentScriptExecution Scripts ScriptExecution
put /components/{component_id}/scripts/{script_id}/executions/{execution_id} controlComponentScriptExecution Scripts ScriptExecution ScriptControlRequest
delete /components/{component_id}/scripts/{script_id}/executions/{execution_id} removeComponentScriptExecution Scripts
`;

test('paths, operation ids, tags and schema names are those that generated clients know', () => {
  const rows = ALL_ROUTES.map(({ method, path, operationId, tag, responses, body }) =>
    [method, path, operationId, tag, ...nameOf(responses[200]?.schema), ...nameOf(body?.schema)].join(' '),
  );
  assert.deepEqual(rows.sort(), EXPECTED.trim().split('\n').sort());
});

test('operation ids are distinct', () => {
  assert.equal(new Set(ALL_ROUTES.map(({ operationId }) => operationId)).size, ALL_ROUTES.length);
});

test('no route that changes anything is allowed for a reader', () => {
  const reading: readonly Need[] = ['read', 'files.read', 'audit.read', 'audit.verify', 'fleet.read'];
  const changing = ALL_ROUTES.filter(
    ({ method, permission, observes }) => method !== 'get' && observes !== true && reading.includes(permission),
  );
  assert.deepEqual(changing, []);
});

test('every permission is required by a route, except those of plugins, of metrics and those checked inside routes', () => {
  const needed = new Set(ALL_ROUTES.map(({ permission }) => permission));
  const others = Object.keys(PERMISSIONS).filter((permission) => !needed.has(permission as Permission));
  assert.deepEqual(others, [
    'metrics',
    'locks.break',
    'subscriptions.manage',
    'uplink.budget',
    'impersonate',
    'plugins',
  ]);
});

test('every parameter in a path is described, in order', () => {
  for (const { path, parameters } of ALL_ROUTES) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    assert.deepEqual(
      parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name),
      inPath,
    );
  }
});

for (const route of ALL_ROUTES) {
  test(`the examples of ${route.operationId} fit their schemas`, () => {
    for (const { schema, example } of Object.values(route.responses)) {
      if (schema) assert.deepEqual(problems(schema, example), []);
      else assert.equal(example, undefined);
    }
    for (const example of Object.values(route.body?.examples ?? {})) {
      assert.deepEqual(problems(route.body!.schema, example), []);
    }
    for (const { schema, example } of route.parameters) assert.deepEqual(problems(schema, example), []);
  });
}

function problems(schema: object, value: unknown): unknown[] {
  return Compile(schema).Errors(value);
}

function nameOf(schema: object | undefined): string[] {
  return schema && '$id' in schema ? [String(schema.$id)] : [];
}
