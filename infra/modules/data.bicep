// The account with the bank's data. Keys are off: identities only.
param name string
param location string
param tags object
param anchorRetentionDays int
param anchorsLocked bool

var containers = [
  'applications'
  'contracts'
  'datasets'
  'decision-anchors'
  'decision-log'
  'documents'
  'drops'
  'feedback'
  'forecasts'
  'models'
  'outcomes'
  'poison'
  'rejected'
  'reviews'
  'runs'
]
var queues = [
  'loan-applications'
  'loan-applications-poison'
  'loan-decisions'
  'webjobs-blobtrigger-poison'
]

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_ZRS' }
  properties: {
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: true
    // Versions keep what is overwritten or deleted. A soft delete beside them would keep erased applications longer (README.md).
    deleteRetentionPolicy: { enabled: false }
    containerDeleteRetentionPolicy: { enabled: true, days: 30 }
  }
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = [for name in containers: {
  parent: blobs
  name: name
}]

// What makes the log proof against whoever administers it. Unlocked until someone locks it: a locked policy outlives mistakes, and
// refuses to be deployed again.
resource anchors 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2023-05-01' = if (!anchorsLocked) {
  parent: container[indexOf(containers, 'decision-anchors')]
  name: 'default'
  properties: {
    immutabilityPeriodSinceCreationInDays: anchorRetentionDays
    allowProtectedAppendWrites: true
  }
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource queue 'Microsoft.Storage/storageAccounts/queueServices/queues@2023-05-01' = [for name in queues: {
  parent: queueService
  name: name
}]

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          // The right to erasure: what was overwritten of applications, their reviews, refused messages, feedback and the data of models must not live on as a version.
          name: 'erased-content-goes'
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['applications/', 'datasets/', 'feedback/', 'poison/', 'reviews/'] }
            actions: { version: { delete: { daysAfterCreationGreaterThan: 1 } } }
          }
        }
        {
          name: 'earlier-versions-go-after-90-days'
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['contracts/', 'drops/', 'models/', 'outcomes/', 'rejected/', 'runs/'] }
            actions: { version: { delete: { daysAfterCreationGreaterThan: 90 } } }
          }
        }
        {
          // Exports are read once, when they come, and again only by a person.
          name: 'old-exports-cool-down'
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['drops/', 'rejected/'] }
            actions: { baseBlob: { tierToCool: { daysAfterModificationGreaterThan: 30 } } }
          }
        }
      ]
    }
  }
  dependsOn: [blobs]
}

output name string = account.name
