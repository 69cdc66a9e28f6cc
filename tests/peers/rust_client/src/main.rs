//! Asks STS who it is, again and again, with the credentials of the default chain of the AWS SDK for Rust.

use std::collections::HashSet;
use std::error::Error;
use std::time::{Duration, Instant};

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::ProvideCredentials;
use aws_smithy_http_client::Builder;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let (wanted, fresh): (usize, bool) = (arguments[1].parse()?, arguments[2] == "fresh");
    let mut config = load().await;
    let mut seen = HashSet::new();
    let deadline = Instant::now() + Duration::from_secs(90);
    while seen.len() < wanted && Instant::now() < deadline {
        if fresh {
            config = load().await;
        }
        let provider = config.credentials_provider().ok_or("no provider of credentials")?;
        let credentials = provider.provide_credentials().await?;
        let id = credentials.access_key_id().to_owned();
        let identity = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await?;
        println!("{id} {}", identity.arn().unwrap_or_default());
        seen.insert(id);
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}

async fn load() -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(Builder::new().build_http())
        .load()
        .await
}
