// Rooms on the Centrifuge library, the engine of Centrifugo: a room is a channel, without history or presence. It frames by
// itself, in JSON over WebSocket, and answers each publish. A member is one until it unsubscribes or its connection ends.
//
// Says "port <port>" and then answers "version" and "collect", one a line.
package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/centrifugal/centrifuge"
)

const library = "github.com/centrifugal/centrifuge"

func main() {
	node, err := centrifuge.New(centrifuge.Config{})
	check(err)
	node.OnConnecting(func(context.Context, centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
		return centrifuge.ConnectReply{Credentials: &centrifuge.Credentials{UserID: ""}}, nil
	})
	node.OnConnect(func(client *centrifuge.Client) {
		client.OnSubscribe(func(_ centrifuge.SubscribeEvent, answer centrifuge.SubscribeCallback) {
			answer(centrifuge.SubscribeReply{}, nil)
		})
		client.OnPublish(func(event centrifuge.PublishEvent, answer centrifuge.PublishCallback) {
			if client.IsSubscribed(event.Channel) {
				answer(centrifuge.PublishReply{}, nil)
			} else {
				answer(centrifuge.PublishReply{}, centrifuge.ErrorPermissionDenied)
			}
		})
	})
	check(node.Run())

	http.Handle("/connection/websocket", centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{}))
	listening, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go func() { check(http.Serve(listening, nil)) }()

	fmt.Printf("port %d\n", listening.Addr().(*net.TCPAddr).Port)
	questions := bufio.NewScanner(os.Stdin)
	for questions.Scan() {
		answer := "done"
		switch questions.Text() {
		case "version":
			answer = version()
		case "collect":
			debug.FreeOSMemory()
		}
		fmt.Println(questions.Text(), answer)
	}
}

func version() string {
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			if module.Path == library {
				return "Centrifuge " + module.Version + " on " + runtime.Version()
			}
		}
	}
	return "Centrifuge on " + runtime.Version()
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
