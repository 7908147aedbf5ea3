#!/bin/sh
# Publishes the serving and the retraining app and deploys both. The names come from main.bicep's outputs, through azd.
set -eu
cd "$(dirname "$0")/../.."
. infra/hooks/retry.sh
case "$HOSTING_MODEL" in
  custom) project=functions/App ;;
  dotnet-isolated) project=functions/Worker ;;
  *) echo "HOSTING_MODEL is '$HOSTING_MODEL': set it to custom or dotnet-isolated (azd env set HOSTING_MODEL custom)" >&2; exit 2 ;;
esac

deploy() { # app, retraining
  folder=artifacts/deploy/$1
  rm -rf "$folder" "$folder.zip"
  dotnet publish "$project" -c Release -p:Retraining="$2" -o "$folder" -v quiet --nologo
  (cd "$folder" && zip -qr "../$1.zip" .)
  retry az functionapp deployment source config-zip --subscription "$AZURE_SUBSCRIPTION_ID" --resource-group "$AZURE_RESOURCE_GROUP" \
    --name "$1" --src "$folder.zip" --output none
  echo "Deployed $1"
}

deploy "$SERVING_APP" false
deploy "$RETRAINING_APP" true
