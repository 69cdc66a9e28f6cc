// Asks STS who it is, again and again, with the credentials of the default chain of the AWS SDK for Go.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func main() {
	wanted, _ := strconv.Atoi(os.Args[1])
	fresh := os.Args[2] == "fresh"
	seen := map[string]bool{}
	ctx := context.Background()
	var cfg aws.Config
	for deadline := time.Now().Add(90 * time.Second); len(seen) < wanted && time.Now().Before(deadline); {
		var err error
		if cfg.Credentials == nil || fresh {
			if cfg, err = config.LoadDefaultConfig(ctx); err != nil {
				fail(err)
			}
		}
		keys, err := cfg.Credentials.Retrieve(ctx)
		if err != nil {
			fail(err)
		}
		identity, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, nil)
		if err != nil {
			fail(err)
		}
		seen[keys.AccessKeyID] = true
		fmt.Println(keys.AccessKeyID, *identity.Arn)
		time.Sleep(time.Second)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
