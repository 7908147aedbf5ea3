# The app under the Azure Functions host, which drives it as a custom handler:
#   docker build --platform linux/amd64 --target serving -t serverless-serving .     only answers
#   docker build --platform linux/amd64 --target full -t serverless-full .           retrains too
# Settings come from the environment as in Azure: AzureWebJobsStorage, DataStorage, ...; the API is on port 8080.

FROM mcr.microsoft.com/dotnet/sdk:10.0.401 AS source
WORKDIR /src
COPY . .

FROM source AS build-serving
RUN dotnet publish functions/App -c Release --self-contained false -p:Retraining=false -p:RestoreLockedMode=true -o /app

FROM source AS build-full
RUN dotnet publish functions/App -c Release --self-contained false -p:RestoreLockedMode=true -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0.12 AS dotnet

# The image that is meant for custom handlers: the host and the extension bundle that the triggers come from. It brings no .NET 10, so that
# is laid beside it, a layer that both targets share. Tag 4 gets the host's updates with each build.
FROM mcr.microsoft.com/azure-functions/base:4 AS host
COPY --from=dotnet /usr/share/dotnet /usr/share/dotnet
ENV AzureWebJobsScriptRoot=/home/site/wwwroot \
    AzureFunctionsJobHost__Logging__Console__IsEnabled=true \
    FUNCTIONS_WORKER_RUNTIME=custom \
    ASPNETCORE_URLS=http://+:8080 \
    DOTNET_ROOT=/usr/share/dotnet \
    HOME=/home
# The host writes its logs, keys and locks there; the app's own files belong to root, so that nothing changes them.
RUN mkdir -p /home/data /home/LogFiles /azure-functions-host/Secrets && chown 1654:1654 /home /home/data /home/LogFiles /azure-functions-host/Secrets
EXPOSE 8080
USER 1654:1654
# Not the base's own start script, which needs root.
CMD ["/azure-functions-host/Microsoft.Azure.WebJobs.Script.WebHost"]

FROM host AS full
# What boosted trees are trained with is parallel by OpenMP.
USER root
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
USER 1654:1654
COPY --from=build-full /app /home/site/wwwroot

FROM host AS serving
COPY --from=build-serving /app /home/site/wwwroot
