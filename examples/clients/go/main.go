// Submits a request to NOCP and prints its result: `go run . request.json`, or `-` for stdin.
//
// Bodies of any size work in both directions: large ones travel by claim check (docs/messages.md).
package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	claimsBucket = "nocp_claims"
	claimTTL     = 48 * time.Hour
	timeout      = 5 * time.Minute
)

// Client submits requests and waits for their results.
type Client struct {
	connection *nats.Conn
	jetStream  jetstream.JetStream
}

// Ask returns the result as JSON; that of a failed request is a failed result and no error.
func (client *Client) Ask(ctx context.Context, request []byte) ([]byte, error) {
	var fields struct{ Tenant, RequestID, Lane string }
	if err := json.Unmarshal(request, &fields); err != nil {
		return nil, err
	}
	requestID := cmp.Or(fields.RequestID, uuid.NewString())
	tenant := cmp.Or(fields.Tenant, "default")
	if err := client.Submit(ctx, tenant, requestID, cmp.Or(fields.Lane, "interactive"), request); err != nil {
		return nil, err
	}
	return client.Result(ctx, tenant, requestID)
}

// Submit returns once the request is on disk. After an error, submit again with the same id: it never runs twice at once.
func (client *Client) Submit(ctx context.Context, tenant, requestID, lane string, request []byte) error {
	message := nats.NewMsg("nocp.v2.request.submitted." + tenant + "." + lane + "." + requestID)
	message.Header.Set("Nats-Msg-Id", tenant+"."+requestID)
	message.Data = request
	if int64(len(request)) > client.connection.MaxPayload()/2 {
		if err := client.deposit(ctx, message); err != nil {
			return err
		}
	}
	_, err := client.jetStream.PublishMsg(ctx, message)
	return err
}

// Result reads the stream, which holds the result that counts, whether it came before or comes later.
func (client *Client) Result(ctx context.Context, tenant, requestID string) ([]byte, error) {
	consumer, err := client.jetStream.OrderedConsumer(ctx, "NOCP_RESULTS", jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{"nocp.v2.response.ready." + tenant + "." + requestID},
	})
	if err != nil {
		return nil, err
	}
	messages, err := consumer.Messages()
	if err != nil {
		return nil, err
	}
	defer messages.Stop()
	message, err := messages.Next(jetstream.NextContext(ctx))
	if err != nil {
		return nil, err
	}
	if claim := message.Headers().Get("Nocp-Claim"); claim != "" {
		return client.redeem(ctx, claim, message.Headers().Get("Nocp-Claim-Sha256"))
	}
	return message.Data(), nil
}

// deposit moves a large body to the object store and names it in the headers.
func (client *Client) deposit(ctx context.Context, message *nats.Msg) error {
	store, err := client.jetStream.ObjectStore(ctx, claimsBucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		store, err = client.jetStream.CreateObjectStore(ctx, jetstream.ObjectStoreConfig{Bucket: claimsBucket, TTL: claimTTL})
	}
	if err != nil {
		return err
	}
	name := uuid.NewString()
	if _, err := store.PutBytes(ctx, name, message.Data); err != nil {
		return err
	}
	message.Header.Set("Nocp-Claim", claimsBucket+"/"+name)
	message.Header.Set("Nocp-Claim-Sha256", digest(message.Data))
	message.Header.Set("Nocp-Claim-Size", strconv.Itoa(len(message.Data)))
	message.Data = nil
	return nil
}

// redeem fetches the body that a claim names, and checks that it is the one that was sent.
func (client *Client) redeem(ctx context.Context, claim, sha string) ([]byte, error) {
	bucket, name, _ := strings.Cut(claim, "/")
	store, err := client.jetStream.ObjectStore(ctx, bucket)
	if err != nil {
		return nil, err
	}
	body, err := store.GetBytes(ctx, name)
	if err != nil {
		return nil, err
	}
	if digest(body) != sha {
		return nil, fmt.Errorf("%s is not the body that was sent", claim)
	}
	return body, nil
}

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func run(file string) error {
	source := os.Stdin
	if file != "-" {
		opened, err := os.Open(file)
		if err != nil {
			return err
		}
		defer opened.Close()
		source = opened
	}
	request, err := io.ReadAll(source)
	if err != nil {
		return err
	}
	connection, err := nats.Connect(cmp.Or(os.Getenv("NATS_URL"), nats.DefaultURL))
	if err != nil {
		return err
	}
	defer connection.Close()
	jetStream, err := jetstream.New(connection)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	client := Client{connection, jetStream}
	result, err := client.Ask(ctx, request)
	if err != nil {
		return err
	}
	_, err = fmt.Println(string(result))
	return err
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: ask <request.json | ->")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "ask:", err)
		os.Exit(1)
	}
}
