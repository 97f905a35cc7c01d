// Copyright (c) 2026 inference.gateway contributors
// SPDX-License-Identifier: GPL-3.0-or-later

// Command pause holds a pod's namespaces: it waits for the order to end and leaves no zombie behind.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	signal.Ignore(syscall.SIGCHLD) // the kernel reaps children that nobody waits for
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGINT, syscall.SIGTERM)
	<-end
}
