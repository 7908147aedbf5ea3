// The roles that one app needs on the data account, each on a single container or queue.
param dataAccount string
param principalId string

@description('{ name, access }: see StorageAccess in functions/Serving/StorageNeeds.cs.')
param needs array

var roles = {
  Read: ['2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'] // Storage Blob Data Reader
  Write: ['ba92f5b4-2d11-453d-a403-e96b0029c9fe'] // Storage Blob Data Contributor
  Own: ['b7e6dc6d-f1e8-4753-8033-0f276bb0955b'] // Storage Blob Data Owner
  Process: [
    '19e7f393-937e-4f77-808e-94535e297925' // Storage Queue Data Reader
    '8a0f0c08-91a1-4084-bc3d-661d67233fed' // Storage Queue Data Message Processor
  ]
  Send: [
    '19e7f393-937e-4f77-808e-94535e297925' // Storage Queue Data Reader
    'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a' // Storage Queue Data Message Sender
  ]
  Exchange: ['974c5e8b-45b9-4653-ba55-5f855dd0fb88'] // Storage Queue Data Contributor
}
var onContainers = flatten(map(filter(needs, need => contains(['Read', 'Write', 'Own'], need.access)), need => map(roles[need.access], role => { name: need.name, role: role })))
var onQueues = flatten(map(filter(needs, need => contains(['Process', 'Send', 'Exchange'], need.access)), need => map(roles[need.access], role => { name: need.name, role: role })))

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: dataAccount

  resource blobs 'blobServices' existing = {
    name: 'default'
    resource container 'containers' existing = [for need in onContainers: { name: need.name }]
  }

  resource queueService 'queueServices' existing = {
    name: 'default'
    resource queue 'queues' existing = [for need in onQueues: { name: need.name }]
  }
}

resource containerRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (need, i) in onContainers: {
  scope: account::blobs::container[i]
  name: guid(dataAccount, need.name, principalId, need.role)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', need.role)
  }
}]

resource queueRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (need, i) in onQueues: {
  scope: account::queueService::queue[i]
  name: guid(dataAccount, need.name, principalId, need.role)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', need.role)
  }
}]
