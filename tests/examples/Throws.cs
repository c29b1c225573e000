// What a callback throws stops the job and comes out of Run; a token stops it too.
using System;
using System.Threading;
using Cleanplate;

static class Throws {
  static int Fail(string sentence) {
    Console.Error.WriteLine(sentence);
    return 1;
  }
  static int Main(string[] args) {
    using (var options = new Options()) {
      options["region"] = args[2];
      try {
        using (var pipeline = new Pipeline(options))
          pipeline.Run(args[0], args[1], restored: frame => { throw new InvalidOperationException("enough"); });
        return Fail("nothing was thrown");
      } catch (InvalidOperationException) {
      }
      var source = new CancellationTokenSource();
      try {
        using (var pipeline = new Pipeline(options))
          pipeline.Run(args[0], args[1], restored: frame => source.Cancel(), token: source.Token);
        return Fail("the job was not cancelled");
      } catch (CleanplateException failure) {
        if (failure.Code != -19) return Fail("the code is " + failure.Code + ": " + failure.Message);
      }
      try {
        options["quality"] = "99";
        return Fail("a quality of 99 was taken");
      } catch (CleanplateException failure) {
        if (!failure.Message.Contains("51")) return Fail(failure.Message);
      }
    }
    return 0;
  }
}
