// Tells of new blobs in the data account. Who is told is in subscriptions.bicep, since an app must be deployed to be told.
param dataAccount string
param location string
param tags object

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: dataAccount
}

resource topic 'Microsoft.EventGrid/systemTopics@2022-06-15' = {
  name: 'egst-${dataAccount}'
  location: location
  tags: tags
  properties: {
    source: account.id
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}
