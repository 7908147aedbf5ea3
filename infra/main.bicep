// Everything that the two apps need, in one resource group: serving answers, retraining trains. No key and no secret: each app has an
// identity of its own with the roles that its functions need, on single containers and queues.
targetScope = 'subscription'

@description('Name of the environment; part of every name: letters, digits and hyphens.')
@minLength(2)
@maxLength(12)
param environmentName string

@description('Region. Flex Consumption, .NET 10 and zone redundancy are not in every region.')
param location string

@description('How the Functions host runs the app: by the custom handler protocol, or as an isolated .NET worker (functions/Worker).')
@allowed(['custom', 'dotnet-isolated'])
param hostingModel string = 'custom'

@description('Instances of the serving app that are always warm. 0: the first request after a quiet time waits for a start.')
@minValue(0)
param alwaysReady int = 0

@description('Who is told of alerts.')
param alertEmail string

@description('Object id of the Entra ID group whose people use the CLI on this environment; empty for nobody.')
param operatorsGroupId string = ''

@description('Client id of an app registration that exposes the scopes; empty: callers need a function key only.')
param entraClientId string = ''

@description('Origins whose pages may call the API, such as the chatbot\'s.')
param allowedOrigins array = []

@description('Address of an OpenTelemetry collector beside Application Insights; empty for none.')
param collectorEndpoint string = ''

@description('Days for which nobody can change or delete an anchor of the decision log, once the policy is locked (README.md).')
@minValue(1)
param anchorRetentionDays int = 2555

@description('Whether that policy is locked: a deployment must not touch it any more.')
param anchorsLocked bool = false

@description('Days after which the content of a container goes, as { drops: \'730\', applications: \'3650\' }; what is left out is kept.')
param retentionDays object = {}

var token = take(uniqueString(subscription().id, environmentName, location), 6)
var account = take(toLower(replace(environmentName, '-', '')), 11) // a storage account's name: 24 small letters and digits
var names = {
  group: 'rg-serverless-${environmentName}'
  data: 'stdata${account}${token}'
  servingHost: 'sthosts${account}${token}'
  retrainingHost: 'sthostr${account}${token}'
  serving: 'func-serving-${environmentName}-${token}'
  retraining: 'func-retraining-${environmentName}-${token}'
}
var tags = { 'azd-env-name': environmentName }

// What each app does in the storage; a test holds this against the needs that its functions state.
var servingNeeds = [
  { name: 'applications', access: 'Write' }
  { name: 'contracts', access: 'Read' }
  { name: 'decision-anchors', access: 'Write' }
  { name: 'decision-log', access: 'Write' }
  { name: 'documents', access: 'Own' }
  { name: 'feedback', access: 'Write' }
  { name: 'forecasts', access: 'Read' }
  { name: 'models', access: 'Read' }
  { name: 'poison', access: 'Write' }
  { name: 'reviews', access: 'Write' }
  { name: 'loan-applications', access: 'Exchange' }
  { name: 'loan-applications-poison', access: 'Exchange' }
  { name: 'loan-decisions', access: 'Send' }
  { name: 'webjobs-blobtrigger-poison', access: 'Exchange' }
]
var retrainingNeeds = [
  { name: 'contracts', access: 'Read' }
  { name: 'datasets', access: 'Write' }
  { name: 'drops', access: 'Own' }
  { name: 'feedback', access: 'Write' }
  { name: 'forecasts', access: 'Write' }
  { name: 'models', access: 'Write' }
  { name: 'outcomes', access: 'Write' }
  { name: 'poison', access: 'Write' }
  { name: 'rejected', access: 'Write' }
  { name: 'runs', access: 'Write' }
  { name: 'webjobs-blobtrigger-poison', access: 'Send' }
]

// The functions that the retraining app, which has them all, leaves to the serving app.
var leftToServing = [
  'AnchorDecisionLog'
  'ClassifyText'
  'ContestDecision'
  'DecideReview'
  'ExpireDecisions'
  'FindSimilar'
  'GetDecision'
  'GetForecast'
  'GetNotice'
  'GetReview'
  'GetStrategy'
  'GiveFeedback'
  'HandlePoison'
  'ListReviews'
  'ReadDocument'
  'ReadPicture'
  'ScoreLoanApplication'
  'SubmitApplication'
  'TakeReview'
]

// Containers whose new blobs start a function, by Event Grid; another container is one line.
var blobTriggers = [
  { container: 'documents', function: 'ReadDocument', app: names.serving }
  { container: 'drops', function: 'RetrainOnDrop', app: names.retraining }
]

// Requests of one caller a second and instance.
var rateLimits = {
  Http__RateLimits__HealthLive: '1000'
  Http__RateLimits__HealthReady: '10'
  Http__RateLimits__ListModels: '20'
  Http__RateLimits__OpenApi: '20'
}

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: names.group
  location: location
  tags: tags
}

module identities 'modules/identities.bicep' = {
  scope: group
  params: { environmentName: environmentName, location: location, tags: tags }
}

module data 'modules/data.bicep' = {
  scope: group
  params: { name: names.data, location: location, tags: tags, anchorRetentionDays: anchorRetentionDays, anchorsLocked: anchorsLocked }
}

module servingRoles 'modules/roles.bicep' = {
  scope: group
  params: { dataAccount: data.outputs.name, principalId: identities.outputs.servingPrincipalId, needs: servingNeeds }
}

module retrainingRoles 'modules/roles.bicep' = {
  scope: group
  params: { dataAccount: data.outputs.name, principalId: identities.outputs.retrainingPrincipalId, needs: retrainingNeeds }
}

module operators 'modules/operators.bicep' = if (!empty(operatorsGroupId)) {
  scope: group
  params: { dataAccount: data.outputs.name, groupId: operatorsGroupId }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    environmentName: environmentName
    location: location
    tags: tags
    alertEmail: alertEmail
    publishers: [identities.outputs.servingPrincipalId, identities.outputs.retrainingPrincipalId]
  }
}

module serving 'modules/app.bicep' = {
  scope: group
  params: {
    name: names.serving
    service: 'serving'
    location: location
    tags: tags
    hostingModel: hostingModel
    hostAccount: names.servingHost
    dataAccount: data.outputs.name
    identityId: identities.outputs.servingId
    identityClientId: identities.outputs.servingClientId
    identityPrincipalId: identities.outputs.servingPrincipalId
    insightsConnection: monitoring.outputs.insightsConnection
    collectorEndpoint: collectorEndpoint
    entraClientId: entraClientId
    allowedOrigins: allowedOrigins
    instanceMemoryMB: 2048
    maximumInstanceCount: 100
    alwaysReady: alwaysReady
    settings: union(rateLimits, {
      Http__RateLimits__ClassifyText: '1000'
      Http__RateLimits__ContestDecision: '20'
      Http__RateLimits__DecideReview: '20'
      Http__RateLimits__FindSimilar: '50'
      Http__RateLimits__GetDecision: '200'
      Http__RateLimits__GetForecast: '200'
      Http__RateLimits__GetNotice: '50'
      Http__RateLimits__GetReview: '50'
      Http__RateLimits__GetStrategy: '50'
      Http__RateLimits__GiveFeedback: '50'
      Http__RateLimits__ListReviews: '20'
      Http__RateLimits__ReadPicture: '5'
      Http__RateLimits__SubmitApplication: '200'
      Http__RateLimits__TakeReview: '20'
      Retention__Applications: retentionDays.?applications ?? ''
      Retention__Poison: retentionDays.?poison ?? ''
    })
  }
}

module retraining 'modules/app.bicep' = {
  scope: group
  params: {
    name: names.retraining
    service: 'retraining'
    location: location
    tags: tags
    hostingModel: hostingModel
    hostAccount: names.retrainingHost
    dataAccount: data.outputs.name
    identityId: identities.outputs.retrainingId
    identityClientId: identities.outputs.retrainingClientId
    identityPrincipalId: identities.outputs.retrainingPrincipalId
    insightsConnection: monitoring.outputs.insightsConnection
    collectorEndpoint: collectorEndpoint
    entraClientId: entraClientId
    allowedOrigins: []
    // A portfolio has one run at a time, whatever the number of instances; 40 is the least that the plan takes.
    instanceMemoryMB: 4096
    maximumInstanceCount: 40
    alwaysReady: 0
    settings: union(rateLimits, toObject(leftToServing, name => 'AzureWebJobs_${name}_Disabled', name => 'true'), {
      Http__RateLimits__ApproveModel: '5'
      Http__RateLimits__PromoteModel: '5'
      Http__RateLimits__RollbackModel: '5'
      Retraining__CheckpointEvery: '00:00:20'
      Retraining__Lease: '00:01:00'
      Retraining__MissedAfter: '00:10:00'
      Retention__Datasets: retentionDays.?datasets ?? ''
      Retention__Drops: retentionDays.?drops ?? ''
      Retention__Feedback: retentionDays.?feedback ?? ''
      Retention__Outcomes: retentionDays.?outcomes ?? ''
      Retention__Poison: retentionDays.?poison ?? ''
      Retention__Rejected: retentionDays.?rejected ?? ''
      Retention__Runs: retentionDays.?runs ?? ''
    })
  }
}

module events 'modules/events.bicep' = {
  scope: group
  params: { dataAccount: data.outputs.name, location: location, tags: tags }
}

output AZURE_RESOURCE_GROUP string = group.name
output SERVING_APP string = names.serving
output RETRAINING_APP string = names.retraining
output DATA_ACCOUNT string = names.data
output HOSTING_MODEL string = hostingModel
output BLOB_TRIGGERS array = blobTriggers
