package cleanplate

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// CLEANPLATE_CLIP, CLEANPLATE_OUT and CLEANPLATE_REGION name what is cleaned.
func run(ctx context.Context, t *testing.T, job Job) error {
	options, err := NewOptions()
	if err != nil {
		t.Fatal(err)
	}
	if err = options.Set("region", os.Getenv("CLEANPLATE_REGION")); err != nil {
		t.Fatal(err)
	}
	return Run(ctx, options, os.Getenv("CLEANPLATE_CLIP"), os.Getenv("CLEANPLATE_OUT"), job)
}

func TestWhatACallbackPanicsWithIsAnError(t *testing.T) {
	seen := 0
	err := run(context.Background(), t, Job{Restored: func(*Frame) {
		seen++
		panic("enough")
	}})
	if err == nil || !strings.Contains(err.Error(), "enough") {
		t.Fatal(err)
	}
}

func TestAContextStopsAJob(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	job := Job{Restored: func(*Frame) {
		cancel()
		time.Sleep(20 * time.Millisecond) // another goroutine passes it on
	}}
	var failure *Error
	if err := run(ctx, t, job); !errors.As(err, &failure) || failure.Code != ErrCancelled {
		t.Fatal(err)
	}
}

func TestAWrongOptionIsAnErrorWithItsSentence(t *testing.T) {
	options, err := NewOptions()
	if err != nil {
		t.Fatal(err)
	}
	if err = options.Set("quality", "99"); err == nil || !strings.Contains(err.Error(), "51") {
		t.Fatal(err)
	}
}
