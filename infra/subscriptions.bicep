// Event Grid calls the apps on new blobs. Deployed behind them (hooks/events.sh): the host makes the key of its webhook
// when it first starts. The key stays within the deployment.
param dataAccount string

@description('{ container, function, app }: what starts what.')
param blobTriggers array

resource topic 'Microsoft.EventGrid/systemTopics@2022-06-15' existing = {
  name: 'egst-${dataAccount}'
}

resource subscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2022-06-15' = [for trigger in blobTriggers: {
  parent: topic
  name: toLower(trigger.function)
  properties: {
    destination: {
      endpointType: 'WebHook'
      properties: {
        #disable-next-line use-resource-symbol-reference use-recognized-resource-type // the host's keys have no documented resource type
        endpointUrl: 'https://${trigger.app}.azurewebsites.net/runtime/webhooks/blobs?functionName=Host.Functions.${trigger.function}&code=${listKeys(resourceId('Microsoft.Web/sites/host', trigger.app, 'default'), '2024-04-01').systemKeys.blobs_extension}'
      }
    }
    filter: {
      includedEventTypes: ['Microsoft.Storage.BlobCreated']
      subjectBeginsWith: '/blobServices/default/containers/${trigger.container}/'
    }
    retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 }
  }
}]
