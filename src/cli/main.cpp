// The `bailey` command: reads flags, finds the project, calls the stack. Sentences for people go to standard error,
// what a shell may read to standard output. Exit status: 0 done, 1 it could not be done, 2 and above wrong usage.
#include <bailey/base/failed.hpp>
#include <bailey/base/log.hpp>
#include <bailey/stack/stack.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <string>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace {

using bailey::stack::Config;
using bailey::stack::Project;

template <class T>
T required(bailey::Expected<T> value) {
  if (!value) throw value.error();
  return std::move(*value);
}

void print_ready(const bailey::stack::Status& status) {
  std::cout << "\nThe local Supabase is ready.\n\n";
  status.print_pretty(std::cout);
  std::cout << "\nStop it with Ctrl-C; the data stays." << std::endl;
}

// glibc keeps what blocks of up to 32 MB have once needed, for each thread. With a threshold of our own an answer of
// megabytes goes back to the system when it has been sent.
void keep_no_large_blocks() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
#endif
}

// CLI11 says that a command is missing, but not which word stands in its place.
int refuse_unknown(const CLI::App& app, const std::string& word) {
  std::cerr << "bailey: there is no command \"" << word << "\"; there are:\n";
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    std::cerr << "  " << std::left << std::setw(8) << command->get_name() << command->get_description() << '\n';
  return 2;
}

int dev(const Project& project, bool reset) {
  keep_no_large_blocks();
  const Config config = required(bailey::stack::load_config(project.config_file()));
  bailey::stack::run_stack(project, config, {.reset = reset, .ready = print_ready});
  return 0;
}

int status(const Project& project, const std::string& format) {
  const Config config = required(bailey::stack::load_config(project.config_file()));
  const auto running = required(bailey::stack::running_status(project, config));
  if (format == "env") running.print_env(std::cout);
  if (format == "app") running.print_app(std::cout);
  if (format == "json") running.print_json(std::cout);
  if (format == "pretty") running.print_pretty(std::cout);
  return 0;
}

int stop(const Project& project) {
  if (const auto stopped = bailey::stack::stop_stack(project); !stopped) throw stopped.error();
  return 0;
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app{
      "A local Supabase in one process beside a real PostgreSQL.\n"
      "Run it anywhere in a project: a folder that has a folder named supabase in it."};
  app.set_version_flag("--version", "bailey " BAILEY_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Environment: BAILEY_POSTGRES  folder with PostgreSQL's programs, where they are in an unusual place\n"
      "             BAILEY_LOG       debug, info (the default), warning, error or off\n"
      "Files:       supabase/config.toml, supabase/migrations/*.sql, supabase/seed.sql; .bailey: keys, log, data");

  std::string folder = ".";
  app.add_option("--workdir", folder, "Folder to find the project from, instead of the current one")->type_name("DIR");

  bool reset = false;
  CLI::App* dev_command = app.add_subcommand("dev", "Run the local Supabase until Ctrl-C: PostgreSQL, migrations, API");
  dev_command->add_flag("--reset", reset, "Throw the database away first, then migrate and seed anew");

  std::string format = "pretty";
  CLI::App* status_command = app.add_subcommand("status", "Print the URLs and keys of the running stack");
  status_command
      ->add_option("-o,--output", format,
                   "pretty; env (NAME=\"value\" lines, under the Supabase CLI's names); app (lines\n"
                   "that export what an app reads: SUPABASE_URL, DATABASE_URL, ...); json")
      ->check(CLI::IsMember({"pretty", "env", "app", "json"}))
      ->type_name("FORMAT");

  CLI::App* stop_command = app.add_subcommand("stop", "Stop the running stack of this project; the data stays");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& failure) {
    const auto words = app.remaining();
    const auto word = std::ranges::find_if(words, [](const std::string& text) { return !text.starts_with('-'); });
    if (app.get_subcommands().empty() && word != words.end()) return refuse_unknown(app, *word);
    return app.exit(failure);
  }

  if (const char* level = std::getenv("BAILEY_LOG")) bailey::log::set_level(bailey::log::parse_level(level));
  const Project project = required(Project::find(folder));
  if (*dev_command) return dev(project, reset);
  if (*status_command) return status(project, format);
  if (*stop_command) return stop(project);
  return 2;
} catch (const std::exception& failure) {
  return bailey::failed(failure);
}
