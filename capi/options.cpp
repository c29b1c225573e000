#include <cleanplate/options.h>

#include <charconv>
#include <initializer_list>
#include <string>

#include "call.h"
#include "objects.h"

using namespace cleanplate;
using namespace cleanplate::capi;

namespace cleanplate::capi {

Result<Options> options_of(const cleanplate_options* handle) {
  if (!handle) return Options();
  CAPI_TRY(const auto object, look_up<OptionsObject>(handle));
  const std::lock_guard held(object->lock);
  return object->options;
}

}  // namespace cleanplate::capi

namespace {

/// Changes the options under their lock.
template <class Change>
std::int32_t change(cleanplate_options* handle, cleanplate_error* error, Change&& body) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, look_up<OptionsObject>(handle));
    const std::lock_guard held(object->lock);
    return body(object->options);
  });
}

/// The row of that name, if it is of one of the types.
Result<void> is_of(const char* name, std::initializer_list<OptionType> types, const char* what) {
  CAPI_CHECK(needed(name, "name"));
  for (int i = 0; i < option_count(); ++i)
    if (const OptionInfo* row = option_info(i); std::string_view(name) == row->name) {
      for (const OptionType type : types)
        if (row->type == type) return {};
      return Error{Code::invalid_option, "options",
                   std::string("Option '") + name + "' is no " + what + "; set it as text."};
    }
  return {};  // set_option says that there is none
}

std::string digits(double value) {
  // to_string would follow the host program's locale.
  char text[40];
  const auto [end, failed] = std::to_chars(text, text + sizeof text, value);
  return {text, end};
}

}  // namespace

extern "C" {

int32_t cleanplate_option_count(void) { return option_count(); }

int32_t cleanplate_option_at(int32_t index, cleanplate_option_info* out, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto i, index_in(index, static_cast<std::size_t>(option_count()), "option"));
    const OptionInfo& row = *option_info(static_cast<int>(i));
    const cleanplate_option_info value{0,
                                       static_cast<int32_t>(row.type),
                                       0,
                                       row.least,
                                       row.most,
                                       row.name,
                                       row.standard,
                                       row.choices,
                                       row.unit,
                                       row.group,
                                       row.help};
    return give_struct(out, value, CAPI_THROUGH(cleanplate_option_info, standard), "out");
  });
}

int32_t cleanplate_options_create(cleanplate_options** out, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    return give(out, std::make_shared<OptionsObject>());
  });
}

int32_t cleanplate_options_destroy(cleanplate_options* options) {
  return destroy<OptionsObject>(options);
}

int32_t cleanplate_options_set(cleanplate_options* options, const char* name, const char* value,
                               cleanplate_error* error) {
  return change(options, error, [&](Options& o) -> Result<std::int32_t> {
    CAPI_CHECK(needed(name, "name"));
    CAPI_CHECK(needed(value, "value"));
    return to_code(set_option(o, name, value));
  });
}

int32_t cleanplate_options_set_boolean(cleanplate_options* options, const char* name, int32_t value,
                                       cleanplate_error* error) {
  return change(options, error, [&](Options& o) -> Result<std::int32_t> {
    CAPI_CHECK(is_of(name, {OptionType::boolean}, "boolean"));
    return to_code(set_option(o, name, std::to_string(value)));
  });
}

int32_t cleanplate_options_set_integer(cleanplate_options* options, const char* name, int64_t value,
                                       cleanplate_error* error) {
  return change(options, error, [&](Options& o) -> Result<std::int32_t> {
    CAPI_CHECK(is_of(name, {OptionType::integer}, "integer"));
    return to_code(set_option(o, name, std::to_string(value)));
  });
}

int32_t cleanplate_options_set_real(cleanplate_options* options, const char* name, double value,
                                    cleanplate_error* error) {
  return change(options, error, [&](Options& o) -> Result<std::int32_t> {
    CAPI_CHECK(is_of(name, {OptionType::real}, "real number"));
    return to_code(set_option(o, name, digits(value)));
  });
}

int32_t cleanplate_options_get(const cleanplate_options* options, const char* name, char* buffer,
                               size_t size, size_t* needed_size, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(name, "name"));
    if (!options) return no_such_handle(Kind::options, true);
    CAPI_TRY(const Options o, options_of(options));
    CAPI_TRY(const std::string text, get_option(o, name));
    return give_text(text, buffer, size, needed_size);
  });
}

int32_t cleanplate_options_to_json(const cleanplate_options* options, char* buffer, size_t size,
                                   size_t* needed_size, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const Options o, options_of(options));
    return give_text(to_json(o), buffer, size, needed_size);
  });
}

int32_t cleanplate_options_from_json(cleanplate_options* options, const char* json,
                                     cleanplate_error* error) {
  return change(options, error, [&](Options& o) -> Result<std::int32_t> {
    CAPI_CHECK(needed(json, "json"));
    CAPI_TRY(o, options_from_json(json));
    return CLEANPLATE_OK;
  });
}

int32_t cleanplate_cancel_create(cleanplate_cancel** out, cleanplate_error* error) {
  return call(error, [&]() -> Result<std::int32_t> {
    CAPI_CHECK(needed(out, "out"));
    return give(out, std::make_shared<CancelObject>());
  });
}
int32_t cleanplate_cancel_destroy(cleanplate_cancel* cancel) {
  return destroy<CancelObject>(cancel);
}
int32_t cleanplate_cancel_set(cleanplate_cancel* cancel) {
  return call(nullptr, [&]() -> Result<std::int32_t> {
    CAPI_TRY(const auto object, look_up<CancelObject>(cancel));
    object->token.cancel();
    return CLEANPLATE_OK;
  });
}

}  // extern "C"

namespace cleanplate::capi {

Result<CancelToken> cancel_of(const cleanplate_cancel* handle) {
  if (!handle) return CancelToken();
  CAPI_TRY(const auto object, look_up<CancelObject>(handle));
  return object->token;
}

}  // namespace cleanplate::capi
