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
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	claimsBucket = "nocp_claims"
	partBytes    = 256 * 1024
	lookEvery    = 2 * time.Second
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
		if err := client.deposit(ctx, tenant, message); err != nil {
			return err
		}
	}
	_, err := client.jetStream.PublishMsg(ctx, message)
	return err
}

// Result reads the stream, which holds the result that counts; it listens, so that it need not ask for it all the time.
func (client *Client) Result(ctx context.Context, tenant, requestID string) ([]byte, error) {
	subject := "nocp.v2.response.ready." + tenant + "." + requestID
	subscription, err := client.connection.SubscribeSync(subject)
	if err != nil {
		return nil, err
	}
	defer subscription.Unsubscribe()
	for {
		message, err := client.stored(ctx, "NOCP_RESULTS", subject)
		if err != nil {
			return nil, err
		}
		if message != nil && message.Header.Get("Nocp-Claim") != "" {
			return client.redeem(ctx, message.Header)
		}
		if message != nil {
			return message.Data, nil
		}
		pushed, cancel := context.WithTimeout(ctx, lookEvery)
		_, err = subscription.NextMsgWithContext(pushed)
		cancel()
		if err != nil && ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}

// stored returns the message that a stream holds under a subject; nil if there is none.
func (client *Client) stored(ctx context.Context, stream, subject string) (*nats.Msg, error) {
	message, err := client.connection.RequestWithContext(ctx, "$JS.API.DIRECT.GET."+stream+"."+subject, nil)
	if err != nil || message.Header.Get("Status") == "404" {
		return nil, err
	}
	return message, nil
}

// deposit stores a large body in parts and names it in the headers.
func (client *Client) deposit(ctx context.Context, tenant string, message *nats.Msg) error {
	key := tenant + "." + uuid.NewString()
	parts := 0
	for part := range slices.Chunk(message.Data, partBytes) {
		if _, err := client.jetStream.Publish(ctx, fmt.Sprintf("$KV.%s.%s.%d", claimsBucket, key, parts), part); err != nil {
			return err
		}
		parts++
	}
	message.Header.Set("Nocp-Claim", claimsBucket+"/"+key)
	message.Header.Set("Nocp-Claim-Parts", strconv.Itoa(parts))
	message.Header.Set("Nocp-Claim-Sha256", digest(message.Data))
	message.Header.Set("Nocp-Claim-Size", strconv.Itoa(len(message.Data)))
	message.Data = nil
	return nil
}

// redeem fetches the body that the headers name, and checks that it is the one that was sent.
func (client *Client) redeem(ctx context.Context, header nats.Header) ([]byte, error) {
	claim := header.Get("Nocp-Claim")
	bucket, key, _ := strings.Cut(claim, "/")
	parts, err := strconv.Atoi(header.Get("Nocp-Claim-Parts"))
	if err != nil {
		return nil, err
	}
	var body []byte
	for number := range parts {
		part, err := client.stored(ctx, "KV_"+bucket, fmt.Sprintf("$KV.%s.%s.%d", bucket, key, number))
		if err != nil {
			return nil, err
		}
		if part != nil {
			body = append(body, part.Data...)
		}
	}
	if digest(body) != header.Get("Nocp-Claim-Sha256") {
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
	user := nats.UserInfo(os.Getenv("NATS_USER"), os.Getenv("NATS_PASSWORD"))
	connection, err := nats.Connect(cmp.Or(os.Getenv("NATS_URL"), nats.DefaultURL), user)
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
