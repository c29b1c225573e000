// A clip's frames through the restorer, then the file through the pipeline.
//
//	clean IN OUT REGION
package main

import (
	"context"
	"fmt"
	"hash/crc32"
	"os"
	"os/signal"

	"cleanplate.example/cleanplate"
)

// crc is over all samples of all frames.
type crc struct {
	value  uint32
	frames int
}

func (c *crc) add(f *cleanplate.Frame) error {
	planes, err := f.Planes()
	for _, p := range planes {
		for y := 0; y < p.Height; y++ {
			c.value = crc32.Update(c.value, crc32.IEEETable, p.Data[y*p.Stride:y*p.Stride+p.Width*p.Bytes])
		}
	}
	c.frames++
	return err
}

func restore(ctx context.Context, options *cleanplate.Options, in string) (sum crc, err error) {
	decoder, err := cleanplate.Open(in, options)
	if err != nil {
		return sum, err
	}
	defer decoder.Close()
	restorer, err := cleanplate.NewRestorer(ctx, options, decoder)
	if err != nil {
		return sum, err
	}
	defer restorer.Close()
	for more := true; more; {
		frame, err := decoder.Next()
		if err != nil {
			return sum, err
		}
		if more = frame != nil; more {
			err = restorer.Push(frame)
			frame.Close()
		} else {
			err = restorer.Flush()
		}
		for err == nil {
			var done *cleanplate.Frame
			if done, err = restorer.Pull(); done == nil {
				break
			}
			err = sum.add(done)
			done.Close()
		}
		if err != nil {
			return sum, err
		}
	}
	return sum, nil
}

func run(in, out, region string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	options, err := cleanplate.NewOptions()
	if err != nil {
		return err
	}
	if err = options.Set("region", region); err != nil {
		return err
	}
	ours, err := restore(ctx, options, in)
	if err != nil {
		return err
	}
	fmt.Printf("restorer: %d frames, crc32 %08x\n", ours.frames, ours.value)
	var theirs crc
	err = cleanplate.Run(ctx, options, in, out, cleanplate.Job{
		Restored: func(f *cleanplate.Frame) {
			if err := theirs.add(f); err != nil {
				panic(err)
			}
		},
	})
	if err != nil {
		return err
	}
	fmt.Printf("pipeline: %d frames, crc32 %08x\n", theirs.frames, theirs.value)
	return nil
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "clean IN OUT REGION")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
