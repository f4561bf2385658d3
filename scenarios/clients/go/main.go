// Command sts-caller uses STS with version 2 of the AWS SDK for Go, as its documentation says, in the Region that the
// environment names. Prints a line: label, request id, extended request id, ARN, separated by tabs.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	smithy "github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

func main() {
	label := "default"
	if len(os.Args) > 1 {
		label = os.Args[1]
	}
	if err := call(context.Background(), label); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func call(ctx context.Context, label string) error {
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	identity, err := sts.NewFromConfig(settings).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return err
	}
	requestID, _ := middleware.GetRequestIDMetadata(identity.ResultMetadata)
	fmt.Printf("%s\t%s\t%s\t%s\n", label, requestID, extendedRequestID(identity.ResultMetadata), aws.ToString(identity.Arn))
	return nil
}

func extendedRequestID(metadata smithy.Metadata) string {
	response, ok := middleware.GetRawResponse(metadata).(*smithyhttp.Response)
	if !ok {
		return ""
	}
	return response.Header.Get("x-amz-sts-extended-request-id")
}
